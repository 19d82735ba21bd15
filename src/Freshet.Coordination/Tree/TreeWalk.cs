
namespace Freshet.Coordination.Tree;

/// <summary>
/// Walks the tree from the root down, in as many steps as one likes, while it changes. Each list of children is copied when
/// its parent is reached: a znode that exists throughout is met exactly once, and what the walk misses or meets in a
/// later state is put right by replaying the journal from where the walk began.
/// </summary>
internal sealed class TreeWalk(Znode root)
{
    private readonly Stack<(Znode[] Siblings, int Next)> _open = new([([root], 0)]);

    public Znode Current { get; private set; } = root;

    public int Depth { get; private set; }

    public bool MoveNext()
    {
        while (_open.TryPop(out (Znode[] Siblings, int Next) level))
        {
            if (level.Next == level.Siblings.Length)
            {
                continue;
            }

            Current = level.Siblings[level.Next];
            Depth = _open.Count;
            _open.Push((level.Siblings, level.Next + 1));
            if (Current.ChildCount > 0)
            {
                _open.Push((Current.Family!.Children.ToArray(), 0));
            }

            return true;
        }

        return false;
    }
}
