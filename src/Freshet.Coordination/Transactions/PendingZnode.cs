using Freshet.Coordination.Access;
using Freshet.Coordination.Tree;

namespace Freshet.Coordination.Transactions;

/// <summary>What the checks of a write need to know of a znode, as the transactions in flight will leave it.</summary>
internal readonly record struct PendingZnode(
    bool Exists, AclList Acl, long Owner, int Version, int AclVersion, int ChildCount, int Creations, int DataLength, long Mtime, long Zxid)
{
    public static PendingZnode Missing { get; } = new(false, AclList.Open, 0, 0, 0, 0, 0, 0, 0, 0);

    public bool IsEphemeral => CreateModes.IsSession(Owner);

    public static PendingZnode From(Znode? znode) => znode is null
        ? Missing
        : new(true, znode.Acl, znode.Owner, znode.Version, znode.AclVersion, znode.ChildCount, znode.Creations, znode.Data.Length, znode.Mtime, 0);
}
