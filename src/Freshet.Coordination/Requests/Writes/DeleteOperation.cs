using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Writes;

/// <summary>delete: removes a childless znode of the expected version.</summary>
internal sealed class DeleteOperation : WriteOperation
{
    private readonly string? _path;
    private readonly int _version;

    public DeleteOperation(ref JuteReader request) => (_path, _version) = (request.ReadString(), request.ReadInt32());

    public override OpCode ResultType => OpCode.Delete;

    public override ErrorCode Prepare(PrepareContext context, out Change? change)
    {
        change = null;
        if (_path is null || !_path.Contains('/') || ZnodePath.IsProtected(_path))
        {
            return ErrorCode.BadArguments;
        }

        ReadOnlySpan<char> parentPath = ZnodePath.Parent(_path);
        PendingZnode parent = context.Pending.Look(parentPath);
        PendingZnode znode = context.Pending.Look(_path);
        ErrorCode error =
            !parent.Exists ? ErrorCode.NoNode
            : !context.Client.Allow(parent.Acl, AclPermissions.Delete) ? ErrorCode.NoAuth
            : !znode.Exists ? ErrorCode.NoNode
            : !DataVersion.Matches(_version, znode.Version) ? ErrorCode.BadVersion
            : znode.ChildCount > 0 ? ErrorCode.NotEmpty
            : ErrorCode.Ok;
        if (error != ErrorCode.Ok)
        {
            return error;
        }

        context.Pending.Set(parentPath, parent with { ChildCount = parent.ChildCount - 1 }, context.At.Zxid);
        context.Pending.Set(_path, PendingZnode.Missing, context.At.Zxid);
        change = new DeleteChange(_path);
        return ErrorCode.Ok;
    }
}
