using System.Text;
using Freshet.Coordination.Requests.Reads;
using Freshet.Coordination.Tree;
using Freshet.Coordination.Watches;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Requests.Watches;

/// <summary>
/// setWatches and setWatches2: sets watches again after a reconnect. What changed since the client's last zxid is told at
/// once, before the reply; the rest is armed. Persistent watches are armed without catching up, as in ZooKeeper, unless a client of
/// Freshet's own asks for it behind its last watches.
/// </summary>
internal static class SetWatchesRequest
{
    /// <returns>Whether the client knows all events of its persistent watches now; null when it did not ask.</returns>
    public static bool? Answer(in ReadContext context, ref JuteReader request, bool withPersistent)
    {
        long since = request.ReadInt64();
        string[] data = request.ReadStrings();
        string[] exist = request.ReadStrings();
        string[] children = request.ReadStrings();
        string[] persistent = withPersistent ? request.ReadStrings() : [];
        string[] recursive = withPersistent ? request.ReadStrings() : [];
        foreach (string path in data)
        {
            CatchUp(context, path, WatchKind.Data, znode => znode is null ? WatchEventType.NodeDeleted : znode.Mzxid > since ? WatchEventType.NodeDataChanged : null);
        }

        foreach (string path in exist)
        {
            CatchUp(context, path, WatchKind.Data, znode => znode is null ? null : WatchEventType.NodeCreated);
        }

        foreach (string path in children)
        {
            CatchUp(context, path, WatchKind.Children, znode => znode is null ? WatchEventType.NodeDeleted : znode.Pzxid > since ? WatchEventType.NodeChildrenChanged : null);
        }

        Arm(context, persistent, WatchKind.Persistent);
        Arm(context, recursive, WatchKind.Recursive);
        return withPersistent && EventReplay.TryRead(ref request) is EventReplay replay
            ? WatchReplay.TrySend(context.Watches, context.Connection, replay.After, context.State.LastZxid)
            : null;
    }

    private static void CatchUp(in ReadContext context, string path, WatchKind kind, Func<Znode?, WatchEventType?> missed)
    {
        Znode? znode = context.State.Tree.Find(Encoding.UTF8.GetBytes(path));
        if (missed(znode) is WatchEventType type && context.Connection.MayRead(znode?.Acl))
        {
            context.Connection.Notify(new WatchEvent(type, KeeperState.SyncConnected, path), znode?.Acl, znode?.Mzxid ?? context.State.LastZxid);
        }
        else
        {
            context.Watches.Add(kind, path, context.Connection);
        }
    }

    private static void Arm(in ReadContext context, string[] paths, WatchKind kind)
    {
        foreach (string path in paths)
        {
            context.Watches.Add(kind, path, context.Connection);
        }
    }
}
