using Freshet.Coordination.Connections;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Watches;

/// <summary>
/// The watches of this server's connections. Nothing here is logged or replicated. Events go onto the connections while a
/// transaction is applied, so they precede every reply that shows its effect (ZooKeeper protocol, delivery order).
/// </summary>
internal sealed class WatchTable(EventHistory history)
{
    private readonly WatchIndex _data = new();
    private readonly WatchIndex _children = new();
    private readonly WatchIndex _persistent = new();
    private readonly WatchIndex _recursive = new();

    private WatchIndex[] Every => field ??= [_data, _children, _persistent, _recursive];

    // Whom the event at hand goes to: at most once to each connection, however many of its watches match.
    private readonly HashSet<ClientConnection> _told = [];

    /// <summary>What has happened lately.</summary>
    public EventHistory History => history;

    /// <summary>How many watches there are.</summary>
    public int Count => _data.Count + _children.Count + _persistent.Count + _recursive.Count;

    /// <summary>The paths watched in any way. Costs as much as are taken of them.</summary>
    public IEnumerable<string> Paths => Every.SelectMany((index, i) => index.Paths.Where(path => !Every.Take(i).Any(before => before.IsWatched(path))));

    /// <summary>The connections that watch anything. Costs as much as are taken of them.</summary>
    public IEnumerable<ClientConnection> Connections =>
        Every.SelectMany((index, i) => index.Connections.Where(connection => !Every.Take(i).Any(before => before.Watches(connection))));

    /// <summary>How many paths are watched.</summary>
    public int PathCount => Paths.Count();

    /// <summary>How many connections watch anything.</summary>
    public int ConnectionCount => Connections.Count();

    private bool IsEmpty => _data.IsEmpty && _children.IsEmpty && _persistent.IsEmpty && _recursive.IsEmpty;

    public void Add(WatchKind kind, string path, ClientConnection connection) => Of(kind).Add(path, connection);

    public bool Contains(WatchKind kind, ReadOnlySpan<char> path, ClientConnection connection) => Of(kind).Contains(path, connection);

    /// <summary>Whether a change of a znode concerns a persistent watch of a connection: its own, or a recursive one on or above it.</summary>
    public bool IsToldOf(string path, ClientConnection connection)
    {
        bool isTold = _persistent.Contains(path, connection);
        for (ReadOnlySpan<char> above = path; !isTold && !above.IsEmpty; above = ZnodePath.Parent(above))
        {
            isTold = _recursive.Contains(above, connection);
        }

        return isTold;
    }

    /// <summary>What a connection watches in any way. Costs as much as are taken of them.</summary>
    public IEnumerable<string> PathsOf(ClientConnection connection) => Every.SelectMany(
        (index, i) => index.PathsOf(connection).Where(path => !Every.Take(i).Any(before => before.Contains(path, connection))));

    /// <summary>Who watches a path in any way.</summary>
    public IReadOnlyCollection<ClientConnection> WatchersOf(string path) => Every.SelectMany(index => index.WatchersOf(path)).ToHashSet();

    public bool Remove(WatchKind kind, string path, ClientConnection connection) => Of(kind).Remove(path, connection);

    public void RemoveAll(ClientConnection connection)
    {
        foreach (WatchKind kind in Enum.GetValues<WatchKind>())
        {
            Of(kind).RemoveAll(connection);
        }
    }

    public void Created(string path, Znode znode, in Moment at)
    {
        history.Add(WatchEventType.NodeCreated, path, znode, at.Zxid);
        if (!IsEmpty)
        {
            TellZnodeWatchers(WatchEventType.NodeCreated, path, znode, at);
            TellParent(path, znode, at);
        }
    }

    public void Deleted(string path, Znode znode, in Moment at)
    {
        history.Add(WatchEventType.NodeDeleted, path, znode, at.Zxid);
        if (IsEmpty)
        {
            return;
        }

        TellZnodeWatchers(WatchEventType.NodeDeleted, path, znode, at);
        HashSet<ClientConnection> childWatchers = [];
        _children.MoveTo(path, childWatchers);
        childWatchers.ExceptWith(_told);
        Tell(childWatchers, WatchEventType.NodeDeleted, path, znode, at);
        TellParent(path, znode, at);
    }

    public void DataChanged(string path, Znode znode, in Moment at)
    {
        history.Add(WatchEventType.NodeDataChanged, path, znode, at.Zxid);
        if (!IsEmpty)
        {
            TellZnodeWatchers(WatchEventType.NodeDataChanged, path, znode, at);
        }
    }

    private void TellZnodeWatchers(WatchEventType type, string path, Znode znode, in Moment at)
    {
        _told.Clear();
        _data.MoveTo(path, _told);
        _persistent.CopyTo(path, _told);
        if (!_recursive.IsEmpty)
        {
            for (ReadOnlySpan<char> above = path; !above.IsEmpty; above = ZnodePath.Parent(above))
            {
                _recursive.CopyTo(above, _told);
            }
        }

        Tell(_told, type, path, znode, at);
    }

    private void TellParent(string path, Znode znode, in Moment at)
    {
        string parent = ZnodePath.Parent(path).ToString();
        _told.Clear();
        _children.MoveTo(parent, _told);
        _persistent.CopyTo(parent, _told);
        Tell(_told, WatchEventType.NodeChildrenChanged, parent, znode.Parent!, at);
    }

    private static void Tell(HashSet<ClientConnection> connections, WatchEventType type, string path, Znode changed, in Moment at)
    {
        if (connections.Count == 0)
        {
            return;
        }

        var change = new WatchEvent(type, KeeperState.SyncConnected, path);
        foreach (ClientConnection connection in connections)
        {
            connection.Notify(change, changed.Acl, at.Zxid);
        }
    }

    private WatchIndex Of(WatchKind kind) => kind switch
    {
        WatchKind.Data => _data,
        WatchKind.Children => _children,
        WatchKind.Persistent => _persistent,
        _ => _recursive,
    };
}
