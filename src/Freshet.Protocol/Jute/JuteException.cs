namespace Freshet.Protocol.Jute;

/// <summary>The bytes are not a valid jute record. Data that merely has not arrived yet is never reported this way: a record is read from a whole frame.</summary>
public sealed class JuteException(string message) : FormatException(message);
