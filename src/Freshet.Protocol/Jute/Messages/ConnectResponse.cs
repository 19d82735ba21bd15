namespace Freshet.Protocol.Jute.Messages;

/// <summary>The server's first frame: int protocolVersion; int timeOut; long sessionId; buffer passwd; optional bool readOnly.</summary>
/// <param name="TimeoutMs">Negotiated session timeout in milliseconds; 0 when the session is refused.</param>
/// <param name="SessionId">The session; 0 when it is refused.</param>
/// <param name="Password">Password for attaching again.</param>
/// <param name="ReadOnly">Whether the server is read-only; null for clients too old to read the byte.</param>
public readonly record struct ConnectResponse(int TimeoutMs, long SessionId, byte[]? Password, bool? ReadOnly)
{
    /// <summary>Reads the record.</summary>
    public static ConnectResponse Read(ref JuteReader reader)
    {
        _ = reader.ReadInt32(); // protocolVersion, always 0
        return new ConnectResponse(reader.ReadInt32(), reader.ReadInt64(), reader.ReadBytes(), reader.Remaining > 0 ? reader.ReadBool() : null);
    }

    /// <summary>Writes the record.</summary>
    public void Write(JuteWriter writer)
    {
        writer.WriteInt32(0);
        writer.WriteInt32(TimeoutMs);
        writer.WriteInt64(SessionId);
        writer.WriteBuffer(Password);
        if (ReadOnly is bool readOnly)
        {
            writer.WriteBool(readOnly);
        }
    }
}
