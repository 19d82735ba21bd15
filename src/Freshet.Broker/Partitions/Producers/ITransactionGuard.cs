using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Partitions.Producers;

/// <summary>
/// Tells whether a batch belongs to a transaction that is open and knows the partition. Asked while appends to the partition are
/// held up: the transaction's marker can then only come after the batch.
/// </summary>
internal interface ITransactionGuard
{
    /// <summary>
    /// Whether the producer has an epoch for each transaction (KIP-890): then its first batch here is number 0, and any other shows that
    /// one before it was lost.
    /// </summary>
    bool BeginsAtZero { get; }

    /// <summary>None when the batch may be appended. Must answer at once.</summary>
    ErrorCode Check(long producerId, short producerEpoch, string topic, int partition);
}
