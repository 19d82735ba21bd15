using Freshet.Coordination.Requests.Writes;
using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Containers;

/// <summary>deleteContainer: the server's own removal of a container or TTL znode. Clients cannot ask for it.</summary>
internal sealed class DeleteContainerOperation(string path, ContainerRule rule) : WriteOperation
{
    public override OpCode ResultType => OpCode.DeleteContainer;

    public override ErrorCode Prepare(PrepareContext context, out Change? change)
    {
        change = null;
        // What the sweep saw may have changed: a child, or new data, may be on its way through the log.
        if (!rule.IsUnused(context.Pending.Look(path), context.At.Time))
        {
            return ErrorCode.NotEmpty;
        }

        ReadOnlySpan<char> parentPath = ZnodePath.Parent(path);
        PendingZnode parent = context.Pending.Look(parentPath);
        context.Pending.Set(parentPath, parent with { ChildCount = parent.ChildCount - 1 }, context.At.Zxid);
        context.Pending.Set(path, PendingZnode.Missing, context.At.Zxid);
        change = new DeleteChange(path);
        return ErrorCode.Ok;
    }
}
