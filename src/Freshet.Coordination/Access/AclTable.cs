namespace Freshet.Coordination.Access;

/// <summary>Keeps one object for equal access lists.</summary>
internal sealed class AclTable
{
    // Lists no znode uses any more are dropped when the table is rebuilt from a snapshot; a tree has few distinct ones.
    private readonly Dictionary<AclList, AclList> _lists = new() { [AclList.Open] = AclList.Open, [AclList.ReadOnly] = AclList.ReadOnly };

    public AclList Intern(AclList list)
    {
        if (ReferenceEquals(list, AclList.Open))
        {
            return list;
        }

        if (_lists.TryGetValue(list, out AclList? known))
        {
            return known;
        }

        _lists.Add(list, list);
        return list;
    }
}
