namespace Freshet.Cli.Shell;

/// <summary>The line typed cannot be done; the message says why and how to write it.</summary>
internal sealed class ShellException(string message) : Exception(message);
