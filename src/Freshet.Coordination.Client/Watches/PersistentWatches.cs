using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Watches;

/// <summary>The session's persistent watches by kind and server path. Thread-safe.</summary>
internal sealed class PersistentWatches
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(WatchKind Kind, string Path), List<PersistentWatch>> _watches = [];
    private ErrorCode? _closed;

    public (WatchKind Kind, string Path)[] Keys
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
            else if (_watches.TryGetValue((kind, path), out List<PersistentWatch>? watches))
            {
                watches.Add(watch);
            }
            else
            {
                _watches.Add((kind, path), [watch]);
            }

            ask();
        }
    }

    /// <param name="ask">As for <see cref="Add"/>; runs only when nobody else has this watch.</param>
    public void Remove(WatchKind kind, string path, PersistentWatch watch, Action ask)
    {
        lock (_gate)
        {
            if (_watches.TryGetValue((kind, path), out List<PersistentWatch>? watches) && watches.Remove(watch) && watches.Count == 0)
            {
                _watches.Remove((kind, path));
                ask();
            }
        }
    }

    /// <summary>Tells every watch that the event is for; they stay.</summary>
    public void Fire(WatchEvent change, string clientPath)
    {
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

    /// <summary>A new connection has set them again.</summary>
    public void SetAgain(ILookup<WatchKind, string> batch)
    {
        foreach (WatchKind kind in (WatchKind[])[WatchKind.Persistent, WatchKind.Recursive])
        {
            foreach (string path in batch[kind])
            {
                Array.ForEach(Find(kind, path), watch => watch.Set());
            }
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
            return _watches.TryGetValue((kind, path), out List<PersistentWatch>? watches) ? [.. watches] : [];
        }
    }
}
