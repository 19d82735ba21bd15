using Freshet.Coordination.Connections;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Watches;

/// <summary>Tells a client that was away what its persistent watches would have told it. Docs: decisions/coordination-client.md.</summary>
internal static class WatchReplay
{
    /// <summary>Sends every event after a zxid, in order; none when the history does not reach back that far.</summary>
    /// <returns>Whether the client now knows everything.</returns>
    public static bool TrySend(WatchTable watches, ClientConnection connection, long after, long lastZxid)
    {
        if (after < watches.History.Start || after > lastZxid)
        {
            return false;
        }

        foreach (PastEvent past in watches.History.After(after))
        {
            if (watches.IsToldOf(past.Path, connection))
            {
                connection.Notify(new WatchEvent(past.Type, KeeperState.SyncConnected, past.Path), past.Acl, past.Zxid, ReservedXid.ReplayedEvent);
            }

            ReadOnlySpan<char> parent = ZnodePath.Parent(past.Path);
            if (past.ParentAcl is not null && watches.Contains(WatchKind.Persistent, parent, connection))
            {
                connection.Notify(
                    new WatchEvent(WatchEventType.NodeChildrenChanged, KeeperState.SyncConnected, parent.ToString()), past.ParentAcl, past.Zxid,
                    ReservedXid.ReplayedEvent);
            }
        }

        return true;
    }
}
