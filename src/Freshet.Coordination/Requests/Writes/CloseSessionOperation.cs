using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Writes;

/// <summary>closeSession: ends the session and, in the same transaction, deletes its ephemeral znodes. Expiry does the same.</summary>
internal sealed class CloseSessionOperation : WriteOperation
{
    public override OpCode ResultType => OpCode.CloseSession;

    public override ErrorCode Prepare(PrepareContext context, out Change? change)
    {
        string[] ephemerals = [.. context.Pending.EphemeralsOf(context.Session)];
        foreach (string path in ephemerals)
        {
            ReadOnlySpan<char> parentPath = ZnodePath.Parent(path);
            PendingZnode parent = context.Pending.Look(parentPath);
            context.Pending.Set(parentPath, parent with { ChildCount = parent.ChildCount - 1 }, context.At.Zxid);
            context.Pending.Set(path, PendingZnode.Missing, context.At.Zxid);
        }

        change = new CloseSessionChange(context.Session, ephemerals);
        return ErrorCode.Ok;
    }
}
