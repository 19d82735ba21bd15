namespace Freshet.Coordination.Tree;

/// <summary>
/// The quotas of a tree. What is used is not in the log: it follows from the tree, is kept as the tree changes, and is counted
/// anew after a recovery, which may apply changes twice.
/// </summary>
internal sealed class QuotaTable(ZnodeTree tree)
{
    private readonly Dictionary<string, Quota> _quotas = [];

    /// <summary>The quota that a path counts for: the nearest one above it, or its own.</summary>
    public Quota? Nearest(ReadOnlySpan<char> path)
    {
        if (_quotas.Count == 0)
        {
            return null;
        }

        Dictionary<string, Quota>.AlternateLookup<ReadOnlySpan<char>> lookup = _quotas.GetAlternateLookup<ReadOnlySpan<char>>();
        for (; path.Length > 1; path = ZnodePath.Parent(path))
        {
            if (lookup.TryGetValue(path, out Quota? quota))
            {
                return quota;
            }
        }

        return null;
    }

    public void Created(ReadOnlySpan<char> path, Znode znode)
    {
        if (QuotaPath.IsInside(path))
        {
            Administer(path, znode);
        }
        else
        {
            Nearest(path)?.Use(1, znode.Data.Length);
        }
    }

    public void Deleted(ReadOnlySpan<char> path, Znode znode)
    {
        if (QuotaPath.IsInside(path))
        {
            Administer(path, null);
        }
        else
        {
            Nearest(path)?.Use(-1, -znode.Data.Length);
        }
    }

    public void DataChanged(ReadOnlySpan<char> path, Znode znode, int bytesBefore)
    {
        if (QuotaPath.IsInside(path))
        {
            Administer(path, znode);
        }
        else
        {
            Nearest(path)?.Use(0, znode.Data.Length - bytesBefore);
        }
    }

    /// <summary>Finds all quotas in the tree and counts what is used of them.</summary>
    public void Rebuild()
    {
        _quotas.Clear();
        for (var walk = new TreeWalk(tree.Find(QuotaPath.Root)!); walk.MoveNext();)
        {
            string path = ZnodePath.Of(walk.Current);
            if (QuotaPath.IsInside(path))
            {
                Administer(path, walk.Current);
            }
        }
    }

    private void Administer(ReadOnlySpan<char> path, Znode? znode)
    {
        ReadOnlySpan<char> target = QuotaPath.Target(path, out bool isLimits);
        if (target.IsEmpty)
        {
            return;
        }

        Quota? quota = _quotas.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(target, out Quota? known) ? known : null;
        if (!isLimits && quota is not null)
        {
            quota.Stats = znode;
        }
        else if (!isLimits)
        {
            Quota.Show(znode, 0, 0); // nothing is limited, so nothing is counted
        }
        else if (znode is null)
        {
            Remove(quota);
        }
        else
        {
            quota ??= Add(target.ToString());
            quota.Limits = QuotaLimits.Parse(znode.Data);
        }
    }

    /// <summary>Adds a quota. What it counts no longer counts for the one above it.</summary>
    private Quota Add(string path)
    {
        var quota = new Quota(path) { Stats = tree.Find(QuotaPath.Stats(path)) };
        (long count, long bytes) = Count(path);
        foreach (Quota below in _quotas.Values)
        {
            if (below.Path.Length > path.Length && below.Path.StartsWith(path, StringComparison.Ordinal) && below.Path[path.Length] == '/')
            {
                (count, bytes) = (count - below.Count, bytes - below.Bytes);
            }
        }

        Nearest(path)?.Use(-count, -bytes);
        _quotas.Add(path, quota);
        quota.Use(count, bytes);
        return quota;
    }

    private void Remove(Quota? quota)
    {
        if (quota is not null)
        {
            _quotas.Remove(quota.Path);
            Nearest(quota.Path)?.Use(quota.Count, quota.Bytes);
            quota.Use(-quota.Count, -quota.Bytes); // so that its stats znode, if left, does not depend on what came before
        }
    }

    private (long Count, long Bytes) Count(string path)
    {
        (long count, long bytes) = (0, 0);
        if (tree.Find(path) is Znode top)
        {
            for (var walk = new TreeWalk(top); walk.MoveNext();)
            {
                count++;
                bytes += walk.Current.Data.Length;
            }
        }

        return (count, bytes);
    }
}
