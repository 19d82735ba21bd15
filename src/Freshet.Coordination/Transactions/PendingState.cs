using Freshet.Coordination.Tree;

namespace Freshet.Coordination.Transactions;

/// <summary>
/// The tree plus all changes in flight: what a new write is checked against. A znode is kept here from the moment a write
/// to it is decided until the last such write is applied.
/// </summary>
internal sealed class PendingState(ReplicatedState state)
{
    private readonly Dictionary<string, PendingZnode> _znodes = [];
    private readonly Queue<(long Zxid, string Path)> _releases = new();
    private readonly List<(string Path, PendingZnode? Before)> _undo = [];
    private readonly PendingUsage _usage = new();

    public PendingZnode Look(ReadOnlySpan<char> path) =>
        _znodes.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path, out PendingZnode pending)
            ? pending
            : PendingZnode.From(state.Tree.Find(path));

    /// <summary>The quota that a write to this path counts for.</summary>
    public Quota? QuotaOf(ReadOnlySpan<char> path) => state.Tree.Quotas.Nearest(path);

    /// <summary>Records how the write with this zxid will leave the znode.</summary>
    public void Set(ReadOnlySpan<char> path, PendingZnode znode, long zxid)
    {
        Dictionary<string, PendingZnode>.AlternateLookup<ReadOnlySpan<char>> lookup = _znodes.GetAlternateLookup<ReadOnlySpan<char>>();
        bool known = lookup.TryGetValue(path, out string? key, out PendingZnode before);
        key ??= path.ToString();
        if (QuotaOf(path) is Quota quota)
        {
            PendingZnode now = known ? before : PendingZnode.From(state.Tree.Find(path));
            _usage.Add(quota, (znode.Exists ? 1 : 0) - (now.Exists ? 1 : 0), znode.DataLength - now.DataLength, zxid);
        }

        _undo.Add((key, known ? before : null));
        _znodes[key] = znode with { Zxid = zxid };
        if (!known || before.Zxid != zxid)
        {
            _releases.Enqueue((zxid, key));
        }
    }

    /// <summary>Keeps what was set since the last call.</summary>
    public void Commit()
    {
        _undo.Clear();
        _usage.Commit();
    }

    /// <summary>Takes back what was set since the last <see cref="Commit"/>, sequence counters included.</summary>
    public void Rollback()
    {
        for (int i = _undo.Count - 1; i >= 0; i--)
        {
            (string path, PendingZnode? before) = _undo[i];
            if (before is PendingZnode znode)
            {
                _znodes[path] = znode;
            }
            else
            {
                _znodes.Remove(path);
            }
        }

        _undo.Clear();
        _usage.Rollback();
    }

    /// <summary>Forgets all writes in flight, when none of them will happen.</summary>
    public void Clear()
    {
        Rollback();
        _znodes.Clear();
        _releases.Clear();
        _usage.Release(long.MaxValue);
    }

    /// <summary>Forgets the znodes whose last write is applied: the tree shows them now.</summary>
    public void Release(long appliedZxid)
    {
        _usage.Release(appliedZxid);
        while (_releases.TryPeek(out (long Zxid, string Path) release) && release.Zxid <= appliedZxid)
        {
            _releases.Dequeue();
            if (_znodes.TryGetValue(release.Path, out PendingZnode znode) && znode.Zxid == release.Zxid)
            {
                _znodes.Remove(release.Path);
            }
        }
    }

    /// <summary>Paths of the ephemeral znodes that the session will own once everything in flight is applied.</summary>
    public SortedSet<string> EphemeralsOf(long session)
    {
        SortedSet<string> paths = state.Tree.Ephemerals.PathsOf(session);
        foreach ((string path, PendingZnode znode) in _znodes)
        {
            if (znode.Exists && znode.Owner == session)
            {
                paths.Add(path);
            }
            else
            {
                paths.Remove(path);
            }
        }

        return paths;
    }
}
