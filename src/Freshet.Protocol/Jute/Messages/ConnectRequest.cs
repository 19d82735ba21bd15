namespace Freshet.Protocol.Jute.Messages;

/// <summary>A client's first frame: int protocolVersion; long lastZxidSeen; int timeOut; long sessionId; buffer passwd; optional bool readOnly.</summary>
/// <param name="LastZxidSeen">Newest zxid the client has seen; a server behind it must not serve the client.</param>
/// <param name="TimeoutMs">Session timeout asked for, in milliseconds.</param>
/// <param name="SessionId">Session to attach to, 0 for a new one.</param>
/// <param name="Password">Password of that session; null or zeros for a new one.</param>
/// <param name="ReadOnly">Whether a read-only server will do; null when the client is too old to say (before 3.4).</param>
public readonly record struct ConnectRequest(long LastZxidSeen, int TimeoutMs, long SessionId, byte[]? Password, bool? ReadOnly)
{
    /// <summary>Bytes of a session password.</summary>
    public const int PasswordLength = 16;

    /// <summary>Reads the record.</summary>
    public static ConnectRequest Read(ref JuteReader reader)
    {
        _ = reader.ReadInt32(); // protocolVersion, always 0
        return new ConnectRequest(
            reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadBytes(), reader.Remaining > 0 ? reader.ReadBool() : null);
    }

    /// <summary>Writes the record.</summary>
    public void Write(JuteWriter writer)
    {
        writer.WriteInt32(0);
        writer.WriteInt64(LastZxidSeen);
        writer.WriteInt32(TimeoutMs);
        writer.WriteInt64(SessionId);
        writer.WriteBuffer(Password);
        if (ReadOnly is bool readOnly)
        {
            writer.WriteBool(readOnly);
        }
    }
}
