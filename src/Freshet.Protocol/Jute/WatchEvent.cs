namespace Freshet.Protocol.Jute;

/// <summary>What happened to a watched znode. The numbers are the wire's.</summary>
public enum WatchEventType
{
    /// <summary>Made by clients only: the connection's state changed.</summary>
    None = -1,

    /// <summary>The znode was created.</summary>
    NodeCreated = 1,

    /// <summary>The znode was deleted.</summary>
    NodeDeleted = 2,

    /// <summary>The znode's data was set.</summary>
    NodeDataChanged = 3,

    /// <summary>A child was created or deleted.</summary>
    NodeChildrenChanged = 4,
}

/// <summary>The connection's state, as watch events carry it. The numbers are the wire's.</summary>
public enum KeeperState
{
    /// <summary>No connection.</summary>
    Disconnected = 0,

    /// <summary>Connected; the only one on the wire.</summary>
    SyncConnected = 3,

    /// <summary>The credentials were refused.</summary>
    AuthFailed = 4,

    /// <summary>The session is over.</summary>
    Expired = -112,
}

/// <summary>A notification's body: int type, int state, string path.</summary>
public sealed record WatchEvent(WatchEventType Type, KeeperState State, string Path)
{
    /// <summary>Reads the record.</summary>
    public static WatchEvent Read(ref JuteReader reader) => new((WatchEventType)reader.ReadInt32(), (KeeperState)reader.ReadInt32(), reader.ReadPath());

    /// <summary>Writes the record.</summary>
    public void Write(JuteWriter writer)
    {
        writer.WriteInt32((int)Type);
        writer.WriteInt32((int)State);
        writer.WriteString(Path);
    }
}
