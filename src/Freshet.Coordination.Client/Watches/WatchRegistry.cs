using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Watches;

/// <summary>The session's watches by kind and server path. Thread-safe.</summary>
internal sealed class WatchRegistry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<WatchKey, List<ZnodeWatch>> _watches = [];
    private ErrorCode? _closed;

    /// <summary>Those that stay after they fired.</summary>
    public PersistentWatches Persistent { get; } = new();

    public void Add(WatchKind kind, string path, ZnodeWatch watch)
    {
        lock (_gate)
        {
            if (_closed is ErrorCode reason)
            {
                watch.Fail(reason, path);
                return;
            }

            if (!_watches.TryGetValue(new WatchKey(kind, path), out List<ZnodeWatch>? watches))
            {
                _watches.Add(new WatchKey(kind, path), watches = []);
            }

            watches.Add(watch);
            watch.SetIn(this, path);
        }
    }

    /// <summary>Forgets a watch. The server may still fire it, once, for nobody.</summary>
    public void Remove(string path, ZnodeWatch watch)
    {
        lock (_gate)
        {
            foreach (WatchKind kind in (WatchKind[])[WatchKind.Data, WatchKind.Exist, WatchKind.Child])
            {
                if (_watches.TryGetValue(new WatchKey(kind, path), out List<ZnodeWatch>? watches) && watches.Remove(watch) && watches.Count == 0)
                {
                    _watches.Remove(new WatchKey(kind, path));
                }
            }
        }
    }

    /// <summary>Fires every watch the event is for that fires once. The server has forgotten them.</summary>
    public void Fire(WatchEvent change, string clientPath)
    {
        WatchKind[] kinds = change.Type switch
        {
            WatchEventType.NodeCreated or WatchEventType.NodeDataChanged => [WatchKind.Data, WatchKind.Exist],
            WatchEventType.NodeChildrenChanged => [WatchKind.Child],
            WatchEventType.NodeDeleted => [WatchKind.Data, WatchKind.Exist, WatchKind.Child],
            _ => [],
        };
        foreach (WatchKind kind in kinds)
        {
            foreach (ZnodeWatch watch in Take(kind, change.Path))
            {
                watch.Fire(change with { Path = clientPath });
            }
        }
    }

    /// <summary>The session is over: nothing will fire any more.</summary>
    public void Close(ErrorCode reason)
    {
        KeyValuePair<WatchKey, List<ZnodeWatch>>[] left;
        lock (_gate)
        {
            _closed = reason;
            left = [.. _watches];
            _watches.Clear();
        }

        foreach (((_, string path), List<ZnodeWatch> watches) in left)
        {
            watches.ForEach(watch => watch.Fail(reason, path));
        }

        Persistent.Close(reason);
    }

    /// <summary>The watches to set again after a reconnect, in batches that fit a frame.</summary>
    public IEnumerable<ILookup<WatchKind, string>> Batches()
    {
        WatchKey[] all;
        lock (_gate)
        {
            all = [.. _watches.Keys];
        }

        return WatchBatches.Cut(all.Concat(Persistent.Keys));
    }

    private List<ZnodeWatch> Take(WatchKind kind, string path)
    {
        lock (_gate)
        {
            return _watches.Remove(new WatchKey(kind, path), out List<ZnodeWatch>? watches) ? watches : [];
        }
    }
}
