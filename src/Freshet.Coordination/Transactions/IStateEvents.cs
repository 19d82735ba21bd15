using Freshet.Coordination.Sessions;
using Freshet.Coordination.Tree;

namespace Freshet.Coordination.Transactions;

/// <summary>Hears of each change to the state at the moment it is applied. A serving server listens; recovery has no listener.</summary>
internal interface IStateEvents
{
    void Created(string path, Znode znode, in Moment at);

    /// <param name="znode">The znode as it was; it still knows its parent.</param>
    void Deleted(string path, Znode znode, in Moment at);

    void DataChanged(string path, Znode znode, in Moment at);

    void SessionClosed(Session session);
}
