using Freshet.Coordination.Transactions;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Writes;

/// <summary>One write a client asks for, alone or inside a multi.</summary>
internal abstract class WriteOperation
{
    /// <summary>Type of the result inside a multi's reply.</summary>
    public abstract OpCode ResultType { get; }

    /// <summary>Checks the write against all earlier ones, in ZooKeeper's order, and decides its outcome.</summary>
    /// <param name="context">The state in flight, and who asks when.</param>
    /// <param name="change">The decided change; null on error.</param>
    public abstract ErrorCode Prepare(PrepareContext context, out Change? change);

    /// <summary>Writes the reply's body. The state shows exactly this write's result.</summary>
    public virtual void WriteResult(JuteWriter writer, ReplicatedState state)
    {
    }
}
