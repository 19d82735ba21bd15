using Freshet.Coordination.Sessions;
using Freshet.Coordination.Tree;

namespace Freshet.Coordination.Transactions;

/// <summary>All that transactions change, snapshots hold and every server of an ensemble has alike.</summary>
internal sealed class ReplicatedState
{
    public ZnodeTree Tree { get; } = new();

    public SessionTable Sessions { get; } = new();

    /// <summary>The last transaction applied; 0 before the first.</summary>
    public long LastZxid { get; set; }
}
