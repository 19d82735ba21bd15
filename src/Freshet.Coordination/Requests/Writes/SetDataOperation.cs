using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Writes;

/// <summary>setData: replaces the data of a znode of the expected version.</summary>
internal sealed class SetDataOperation : WriteOperation
{
    private readonly string? _path;
    private readonly byte[]? _data;
    private readonly int _version;

    public SetDataOperation(ref JuteReader request) => (_path, _data, _version) = (request.ReadString(), request.ReadBytes(), request.ReadInt32());

    public override OpCode ResultType => OpCode.SetData;

    public override ErrorCode Prepare(PrepareContext context, out Change? change)
    {
        change = null;
        if (!ZnodePath.IsValid(_path))
        {
            return ErrorCode.BadArguments;
        }

        PendingZnode znode = context.Pending.Look(_path);
        int length = _data?.Length ?? 0;
        ErrorCode error =
            !znode.Exists ? ErrorCode.NoNode
            : !context.Client.Allow(znode.Acl, AclPermissions.Write) ? ErrorCode.NoAuth
            : context.Quotas.Check(context, _path, 0, length - znode.DataLength) is var quota and not ErrorCode.Ok ? quota
            : !DataVersion.Matches(_version, znode.Version) ? ErrorCode.BadVersion
            : ErrorCode.Ok;
        if (error != ErrorCode.Ok)
        {
            return error;
        }

        int version = DataVersion.After(znode.Version);
        context.Pending.Set(_path, znode with { Version = version, DataLength = length, Mtime = context.At.Time }, context.At.Zxid);
        change = new SetDataChange(_path!, _data, version);
        return ErrorCode.Ok;
    }

    public override void WriteResult(JuteWriter writer, ReplicatedState state) => state.Tree.Find(_path)!.WriteStat(writer);
}
