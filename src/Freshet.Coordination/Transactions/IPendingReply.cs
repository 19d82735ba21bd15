using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Transactions;

/// <summary>A client that waits for a transaction.</summary>
internal interface IPendingReply
{
    /// <summary>Called right after change <paramref name="index"/>, when the state shows exactly its result.</summary>
    void Applied(int index, ReplicatedState state);

    /// <summary>Called when all changes are applied and all their events are on their connections.</summary>
    void Send(Transaction transaction);

    /// <summary>Called instead of both when the transaction did not happen and never will.</summary>
    /// <param name="error">What the client is told.</param>
    /// <param name="zxid">The last transaction that did happen.</param>
    void Abandon(ErrorCode error, long zxid);
}
