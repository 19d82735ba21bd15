using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Watches;

/// <summary>The session's persistent watches by kind and server path. Thread-safe.</summary>
internal sealed class PersistentWatches
{
    private readonly Lock _gate = new();
    private readonly Dictionary<WatchKey, List<PersistentWatch>> _watches = [];
    private ErrorCode? _closed;

    /// <summary>How far their events have been seen.</summary>
    public EventPosition Position { get; } = new();

    public WatchKey[] Keys
    {
        get
        {
            lock (_gate)
            {
                return [.. _watches.Keys];
            }
        }
    }

    /// <summary>Adds a watch before the server has set it: a reconnect sets it too.</summary>
    /// <param name="ask">Puts the request in the queue. Runs under the lock, so that additions and removals reach the server in the order they happen here.</param>
    public void Add(WatchKind kind, string path, PersistentWatch watch, Action ask)
    {
        lock (_gate)
        {
            if (_closed is ErrorCode reason)
            {
                watch.Fail(reason);
            }
            else if (_watches.TryGetValue(new WatchKey(kind, path), out List<PersistentWatch>? watches))
            {
                watches.Add(watch);
            }
            else
            {
                _watches.Add(new WatchKey(kind, path), [watch]);
            }

            ask();
        }
    }

    /// <param name="ask">As for <see cref="Add"/>; runs only when nobody else has this watch.</param>
    public void Remove(WatchKind kind, string path, PersistentWatch watch, Action ask)
    {
        lock (_gate)
        {
            if (_watches.TryGetValue(new WatchKey(kind, path), out List<PersistentWatch>? watches) && watches.Remove(watch) && watches.Count == 0)
            {
                _watches.Remove(new WatchKey(kind, path));
                ask();
            }
        }
    }

    /// <summary>Tells every watch that the event is for; they stay.</summary>
    /// <param name="zxid">Of its transaction; servers before 3.9 do not say.</param>
    public void Fire(WatchEvent change, string clientPath, long zxid)
    {
        Position.Saw(change, zxid);
        WatchEvent toClient = change with { Path = clientPath };
        Array.ForEach(Find(WatchKind.Persistent, change.Path), watch => watch.Fire(toClient));
        if (change.Type == WatchEventType.NodeChildrenChanged)
        {
            return;
        }

        for (string? above = change.Path; above is not null; above = Parent(above))
        {
            Array.ForEach(Find(WatchKind.Recursive, above), watch => watch.Fire(toClient));
        }
    }

    /// <summary>Tells an event of the time without a connection, unless it had come before.</summary>
    public void FireAgain(WatchEvent change, string clientPath, long zxid)
    {
        if (!Position.HasSeen(change, zxid))
        {
            Fire(change, clientPath, zxid);
        }
    }

    /// <summary>A new connection has set them again.</summary>
    /// <param name="nothingMissed">Whether all that happened meanwhile has been told.</param>
    public void SetAgain(IEnumerable<WatchKey> watches, bool nothingMissed)
    {
        foreach ((WatchKind kind, string path) in watches)
        {
            Array.ForEach(Find(kind, path), watch => watch.SetAgain(nothingMissed));
        }
    }

    /// <summary>The session is over.</summary>
    public void Close(ErrorCode reason)
    {
        List<PersistentWatch>[] left;
        lock (_gate)
        {
            _closed = reason;
            left = [.. _watches.Values];
            _watches.Clear();
        }

        Array.ForEach(left, watches => watches.ForEach(watch => watch.Fail(reason)));
    }

    private static string? Parent(string path) =>
        path.Length <= 1 ? null : path.LastIndexOf('/') is > 0 and int slash ? path[..slash] : "/";

    private PersistentWatch[] Find(WatchKind kind, string path)
    {
        lock (_gate)
        {
            return _watches.TryGetValue(new WatchKey(kind, path), out List<PersistentWatch>? watches) ? [.. watches] : [];
        }
    }
}
