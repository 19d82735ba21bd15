namespace Freshet.Protocol.Jute.Messages;

/// <summary>In front of every request: int xid; int type.</summary>
public readonly record struct RequestHeader(int Xid, OpCode Type)
{
    /// <summary>Encoded size in bytes.</summary>
    public const int Size = 8;

    /// <summary>Reads the record.</summary>
    public static RequestHeader Read(ref JuteReader reader) => new(reader.ReadInt32(), (OpCode)reader.ReadInt32());

    /// <summary>Writes the record.</summary>
    public void Write(JuteWriter writer)
    {
        writer.WriteInt32(Xid);
        writer.WriteInt32((int)Type);
    }
}

/// <summary>In front of every reply and notification: int xid; long zxid; int err. With an error nothing follows.</summary>
public readonly record struct ReplyHeader(int Xid, long Zxid, ErrorCode Error)
{
    /// <summary>Encoded size in bytes.</summary>
    public const int Size = 16;

    /// <summary>Reads the record.</summary>
    public static ReplyHeader Read(ref JuteReader reader) => new(reader.ReadInt32(), reader.ReadInt64(), (ErrorCode)reader.ReadInt32());

    /// <summary>Writes the record.</summary>
    public void Write(JuteWriter writer)
    {
        writer.WriteInt32(Xid);
        writer.WriteInt64(Zxid);
        writer.WriteInt32((int)Error);
    }
}

/// <summary>In front of every operation and result of a multi: int type; bool done; int err.</summary>
public readonly record struct MultiHeader(OpCode Type, bool Done, int Error)
{
    /// <summary>Encoded size in bytes.</summary>
    public const int Size = 9;

    /// <summary>The marker at the end of a multi and of its reply.</summary>
    public static MultiHeader End { get; } = new(OpCode.Error, Done: true, Error: -1);

    /// <summary>Reads the record.</summary>
    public static MultiHeader Read(ref JuteReader reader) => new((OpCode)reader.ReadInt32(), reader.ReadBool(), reader.ReadInt32());

    /// <summary>Writes the record.</summary>
    public void Write(JuteWriter writer)
    {
        writer.WriteInt32((int)Type);
        writer.WriteBool(Done);
        writer.WriteInt32(Error);
    }
}

/// <summary>xids that are not a request's own.</summary>
public static class ReservedXid
{
    /// <summary>A watch event.</summary>
    public const int Notification = -1;

    /// <summary>A ping and its reply.</summary>
    public const int Ping = -2;

    /// <summary>Credentials and their reply.</summary>
    public const int Auth = -4;

    /// <summary>Watches set again after a reconnect, and the reply.</summary>
    public const int SetWatches = -8;

    /// <summary>A watch event told again to a client of Freshet's own that asked for what it missed (<see cref="EventReplay"/>).</summary>
    public const int ReplayedEvent = -9;
}
