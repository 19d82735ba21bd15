using Freshet.Broker.Partitions.Producers;
using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Transactions;

/// <summary>A transactional id in use: its present state, and whose turn it is to change it.</summary>
internal sealed class TransactionalId(string name) : ITransactionGuard
{
    // Never disposed: without its wait handle it holds nothing of the system's.
    private readonly SemaphoreSlim _turn = new(1);
    private volatile Transaction? _current;

    public string Name { get; } = name;

    /// <summary>Its state as it is stored; null when it is new, or was forgotten. Read at any time, set by who has the turn.</summary>
    public Transaction? Current
    {
        get => _current;
        set => _current = value;
    }

    /// <summary>Partitions that have the marker of the transaction that is ending. For who has the turn.</summary>
    public HashSet<TransactionPartition> Marked { get; } = [];

    /// <summary>Whether it was taken out of the coordinator; whoever waited for a turn looks it up again.</summary>
    public bool IsForgotten { get; set; }

    /// <summary>Not known here: it is the request that shows it.</summary>
    public bool BeginsAtZero => false;

    /// <summary>Waits for the turn, which is given back by <see cref="Release"/>.</summary>
    public Task TakeTurnAsync(CancellationToken cancellation) => _turn.WaitAsync(cancellation);

    public void Release() => _turn.Release();

    public ErrorCode Check(long producerId, short producerEpoch, string topic, int partition) => _current is { } current
        ? TransactionRules.CheckAppend(current, new ProducerIdentity(producerId, producerEpoch), new TransactionPartition(topic, partition))
        : ErrorCode.InvalidProducerIdMapping;
}
