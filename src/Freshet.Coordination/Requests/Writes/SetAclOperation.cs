using Freshet.Coordination.Access;
using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Writes;

/// <summary>setACL: replaces the access list of a znode whose access version is the expected one.</summary>
internal sealed class SetAclOperation : WriteOperation
{
    private readonly string? _path;
    private readonly Acl[]? _acl;
    private readonly int _version;

    public SetAclOperation(ref JuteReader request) =>
        (_path, _acl, _version) = (request.ReadString(), Acl.ReadList(ref request), request.ReadInt32());

    public override OpCode ResultType => OpCode.SetAcl;

    public override ErrorCode Prepare(PrepareContext context, out Change? change)
    {
        change = null;
        if (!ZnodePath.IsValid(_path))
        {
            return ErrorCode.BadArguments;
        }

        ErrorCode error = AccessRules.Accept(_acl, context.Client, context.Schemes, out AclList acl);
        if (error != ErrorCode.Ok)
        {
            return error;
        }

        PendingZnode znode = context.Pending.Look(_path);
        error = !znode.Exists ? ErrorCode.NoNode
            : !context.Client.Allow(znode.Acl, AclPermissions.Admin) ? ErrorCode.NoAuth
            : !DataVersion.Matches(_version, znode.AclVersion) ? ErrorCode.BadVersion
            : ErrorCode.Ok;
        if (error != ErrorCode.Ok)
        {
            return error;
        }

        int version = DataVersion.After(znode.AclVersion);
        context.Pending.Set(_path, znode with { Acl = acl, AclVersion = version }, context.At.Zxid);
        change = new SetAclChange(_path!, acl, version);
        return ErrorCode.Ok;
    }

    public override void WriteResult(JuteWriter writer, ReplicatedState state) => state.Tree.Find(_path)!.WriteStat(writer);
}
