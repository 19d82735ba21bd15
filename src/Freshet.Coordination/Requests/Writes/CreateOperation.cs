using System.Globalization;
using Freshet.Coordination.Access;
using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Writes;

/// <summary>create, create2, createContainer and createTTL: they differ in the modes allowed and in what they answer.</summary>
internal sealed class CreateOperation : WriteOperation
{
    private readonly OpCode _type;
    private readonly string? _path;
    private readonly byte[]? _data;
    private readonly Acl[]? _acl;
    private readonly CreateMode _mode;
    private readonly long _ttl;
    private string _finalPath = "";

    public CreateOperation(OpCode type, ref JuteReader request)
    {
        _type = type;
        _path = request.ReadString();
        _data = request.ReadBytes();
        _acl = Acl.ReadList(ref request);
        _mode = (CreateMode)request.ReadInt32();
        _ttl = type == OpCode.CreateTtl ? request.ReadInt64() : 0;
    }

    public override OpCode ResultType => _type == OpCode.Create ? OpCode.Create : OpCode.Create2;

    private bool IsTtl => _mode is CreateMode.PersistentTtl or CreateMode.PersistentSequentialTtl;

    private bool IsSequential => _mode is CreateMode.PersistentSequential or CreateMode.EphemeralSequential or CreateMode.PersistentSequentialTtl;

    private int DataLength => _data?.Length ?? 0;

    public override ErrorCode Prepare(PrepareContext context, out Change? change)
    {
        change = null;
        if (!IsModeAllowed() || (IsTtl && _ttl is <= 0 or > CreateModes.MaxTtl) || _path is null || !_path.Contains('/') || _path.Contains('\0'))
        {
            return ErrorCode.BadArguments;
        }

        ErrorCode aclError = AccessRules.Accept(_acl, context.Client, context.Schemes, out AclList acl);
        if (aclError != ErrorCode.Ok)
        {
            return aclError;
        }

        ReadOnlySpan<char> parentPath = ZnodePath.Parent(_path);
        PendingZnode parent = context.Pending.Look(parentPath);
        if (!parent.Exists)
        {
            return _path == "/" ? ErrorCode.NodeExists : ErrorCode.NoNode;
        }

        string path = IsSequential ? _path + parent.Creations.ToString("D10", CultureInfo.InvariantCulture) : _path;
        ErrorCode error =
            !context.Client.Allow(parent.Acl, AclPermissions.Create) ? ErrorCode.NoAuth
            : !ZnodePath.IsValid(path) ? ErrorCode.BadArguments
            : context.Pending.Look(path).Exists ? ErrorCode.NodeExists
            : parent.IsEphemeral ? ErrorCode.NoChildrenForEphemerals
            : context.Quotas.Check(context, path, 1, DataLength);
        if (error != ErrorCode.Ok)
        {
            return error;
        }

        int creations = unchecked(parent.Creations + 1);
        long owner = Owner(context.Session);
        context.Pending.Set(parentPath, parent with { Creations = creations, ChildCount = parent.ChildCount + 1 }, context.At.Zxid);
        context.Pending.Set(path, PendingZnode.Missing with { Exists = true, Acl = acl, Owner = owner, DataLength = DataLength, Mtime = context.At.Time }, context.At.Zxid);
        _finalPath = path;
        change = new CreateChange(path, _data, acl, owner, creations);
        return ErrorCode.Ok;
    }

    public override void WriteResult(JuteWriter writer, ReplicatedState state)
    {
        writer.WriteString(_finalPath);
        if (_type != OpCode.Create)
        {
            state.Tree.Find(_finalPath)!.WriteStat(writer);
        }
    }

    private bool IsModeAllowed() => _type switch
    {
        OpCode.CreateContainer => _mode == CreateMode.Container,
        OpCode.CreateTtl => IsTtl,
        _ => _mode is >= CreateMode.Persistent and <= CreateMode.Container,
    };

    private long Owner(long session) => _mode switch
    {
        CreateMode.Ephemeral or CreateMode.EphemeralSequential => session,
        CreateMode.Container => CreateModes.ContainerOwner,
        CreateMode.PersistentTtl or CreateMode.PersistentSequentialTtl => CreateModes.TtlOwner(_ttl),
        _ => 0,
    };
}
