namespace Freshet.Coordination.Tree;

/// <summary>
/// Builds a tree from its znodes, each parent before its children, as a snapshot has them. Children are gathered in a list and
/// enter their parent's table when all are there: the table gets its size once, and the garbage collector, which runs
/// often while so much is allocated, does not find a new reference in every corner of a large table each time.
/// </summary>
internal sealed class TreeLoader(ZnodeTree tree)
{
    // The way from the root to the znode added last, and the children gathered for each znode on it. The lists are used again.
    private readonly List<Znode> _path = [];
    private readonly List<List<Znode>> _children = [];

    public ZnodeTree Tree => tree;

    /// <summary>The parent of the next znode, if that has this depth; null when no znode was added that could be it.</summary>
    public Znode? ParentAt(int depth) => depth >= 1 && depth <= _path.Count ? _path[depth - 1] : null;

    /// <summary>Adds the root, of depth 0, or a znode made with the parent that <see cref="ParentAt"/> told.</summary>
    public void Add(Znode znode, int depth)
    {
        Close(depth);
        if (depth > 0)
        {
            _children[depth - 1].Add(znode);
        }

        _path.Add(znode);
        if (_children.Count < _path.Count)
        {
            _children.Add([]);
        }
    }

    /// <summary>Everything was added.</summary>
    public void Complete() => Close(0);

    /// <summary>Completes the znodes of this depth and below.</summary>
    private void Close(int depth)
    {
        for (int level = _path.Count - 1; level >= depth; level--)
        {
            if (_children[level].Count > 0)
            {
                tree.Restore(_path[level], _children[level]);
                _children[level].Clear();
            }

            _path.RemoveAt(level);
        }
    }
}
