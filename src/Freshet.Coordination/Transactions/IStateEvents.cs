using Freshet.Coordination.Sessions;
using Freshet.Coordination.Tree;

namespace Freshet.Coordination.Transactions;

/// <summary>Hears of each change to the state at the moment it is applied.</summary>
internal interface IStateEvents
{
    void Created(string path, Znode znode, in Moment at);

    /// <param name="znode">The znode as it was; it still knows its parent.</param>
    void Deleted(string path, Znode znode, in Moment at);

    void DataChanged(string path, Znode znode, in Moment at);

    /// <summary>A change left no trace: a snapshot taken while it happened has it already, and what followed. Only during recovery.</summary>
    void Swallowed(in Moment at);

    void SessionClosed(Session session);
}
