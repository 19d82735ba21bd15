namespace Freshet.Cli.Kafka;

/// <summary>A command cannot do what it was asked; the message is for the person who asked.</summary>
internal sealed class CommandFailure(string message) : Exception(message);
