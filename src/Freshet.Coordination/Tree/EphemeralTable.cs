namespace Freshet.Coordination.Tree;

/// <summary>Which ephemeral znodes each session owns.</summary>
internal sealed class EphemeralTable
{
    private readonly Dictionary<long, HashSet<Znode>> _bySession = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The sessions that own any.</summary>
    public IReadOnlyCollection<long> Owners => _bySession.Keys;

    public void Add(Znode znode)
    {
        if (!_bySession.TryGetValue(znode.Owner, out HashSet<Znode>? owned))
        {
            _bySession.Add(znode.Owner, owned = []);
        }

        if (owned.Add(znode))
        {
            Count++;
        }
    }

    public void Remove(Znode znode)
    {
        if (!_bySession.TryGetValue(znode.Owner, out HashSet<Znode>? owned) || !owned.Remove(znode))
        {
            return;
        }

        Count--;
        if (owned.Count == 0)
        {
            _bySession.Remove(znode.Owner);
        }
    }

    /// <summary>Paths of the session's ephemeral znodes, in order.</summary>
    public SortedSet<string> PathsOf(long session)
    {
        var paths = new SortedSet<string>(StringComparer.Ordinal);
        foreach (Znode znode in _bySession.GetValueOrDefault(session) ?? [])
        {
            paths.Add(ZnodePath.Of(znode));
        }

        return paths;
    }
}
