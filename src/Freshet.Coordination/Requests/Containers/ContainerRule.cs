using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;

namespace Freshet.Coordination.Requests.Containers;

/// <summary>When a container or TTL znode is in use no more.</summary>
/// <param name="maxNeverUsed">Milliseconds after which a container that never had a child is removed; 0 for never.</param>
internal sealed class ContainerRule(long maxNeverUsed)
{
    /// <param name="now">Milliseconds since the Unix epoch.</param>
    public bool IsUnused(in PendingZnode znode, long now)
    {
        if (!znode.Exists || znode.ChildCount > 0)
        {
            return false;
        }

        long age = now - znode.Mtime;
        return znode.Owner == CreateModes.ContainerOwner
            // A new container is empty too: its creator must have the time to fill it.
            ? znode.Creations != 0 || (maxNeverUsed > 0 && age > maxNeverUsed)
            : CreateModes.IsTtl(znode.Owner) && age > CreateModes.Ttl(znode.Owner);
    }
}
