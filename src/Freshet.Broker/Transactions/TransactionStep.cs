using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Transactions;

/// <summary>What a request makes of a transactional id.</summary>
/// <param name="Error">Why it is refused, or none.</param>
/// <param name="Next">The new state, to be stored before the answer; null when nothing changes.</param>
internal readonly record struct TransactionStep(ErrorCode Error, Transaction? Next)
{
    /// <summary>It is so already.</summary>
    public static TransactionStep Done => default;

    public static TransactionStep To(Transaction next) => new(ErrorCode.None, next);

    public static TransactionStep Refuse(ErrorCode error) => new(error, null);
}
