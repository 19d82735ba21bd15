using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Writes;

/// <summary>check: holds when the znode exists in the expected version. Meant for multi; alone it just answers.</summary>
internal sealed class CheckOperation : WriteOperation
{
    private readonly string? _path;
    private readonly int _version;

    public CheckOperation(ref JuteReader request) => (_path, _version) = (request.ReadString(), request.ReadInt32());

    public override OpCode ResultType => OpCode.Check;

    public override ErrorCode Prepare(PrepareContext context, out Change? change)
    {
        change = null;
        if (!ZnodePath.IsValid(_path))
        {
            return ErrorCode.BadArguments;
        }

        PendingZnode znode = context.Pending.Look(_path);
        change = new CheckChange(_path!);
        return !znode.Exists ? ErrorCode.NoNode
            : !context.Client.Allow(znode.Acl, AclPermissions.Read) ? ErrorCode.NoAuth
            : !DataVersion.Matches(_version, znode.Version) ? ErrorCode.BadVersion
            : ErrorCode.Ok;
    }
}
