using Freshet.Coordination.Sessions;
using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;
using Freshet.Coordination.Watches;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Snapshots;

/// <summary>Fills the history of events from the journal, so that clients that return after a restart miss nothing.</summary>
internal sealed class RecoveredEvents(EventHistory history) : IStateEvents
{
    public void Created(string path, Znode znode, in Moment at) => history.Add(WatchEventType.NodeCreated, path, znode, at.Zxid);

    public void Deleted(string path, Znode znode, in Moment at) => history.Add(WatchEventType.NodeDeleted, path, znode, at.Zxid);

    public void DataChanged(string path, Znode znode, in Moment at) => history.Add(WatchEventType.NodeDataChanged, path, znode, at.Zxid);

    public void Swallowed(in Moment at) => history.Forget(at.Zxid);

    public void SessionClosed(Session session)
    {
    }
}
