using Freshet.Coordination.Connections;
using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;
using Freshet.Coordination.Watches;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Reads;

/// <summary>What a read is answered from: the applied state, and the connection that asks.</summary>
internal readonly record struct ReadContext(ReplicatedState State, WatchTable Watches, ClientConnection Connection)
{
    /// <summary>Finds a znode that the connection may read.</summary>
    public ErrorCode Find(ReadOnlySpan<byte> path, out Znode? znode)
    {
        znode = State.Tree.Find(path);
        return znode is null ? ErrorCode.NoNode
            : Connection.Identities.Allow(znode.Acl, AclPermissions.Read) ? ErrorCode.Ok
            : ErrorCode.NoAuth;
    }

    /// <summary>Sets a one-shot watch. The state cannot change between this and the answer.</summary>
    public void Watch(WatchKind kind, ReadOnlySpan<byte> path) => Watches.Add(kind, System.Text.Encoding.UTF8.GetString(path), Connection);
}
