using Freshet.Broker.Partitions;
using Freshet.Broker.Partitions.Batches;
using Freshet.Broker.Partitions.Producers;
using Freshet.Broker.Transactions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Freshet.Protocol.Kafka.Records;

namespace Freshet.Broker.Requests.Records;

/// <summary>
/// The transaction that a Produce request writes to, if any. Every batch is checked against it in the same step as it is appended,
/// so that nothing comes into the log after the transaction's end (KIP-890).
/// </summary>
internal sealed class ProduceTransaction : ITransactionGuard
{
    private const short FirstThatIsAbortable = 11;
    private const short FirstThatAdds = 12;

    private readonly ErrorCode _error;
    private readonly TransactionalId? _guard;
    private readonly short _version;

    private ProduceTransaction(ErrorCode error, TransactionalId? guard, short version)
    {
        _error = error;
        _guard = guard;
        _version = version;
    }

    /// <summary>A request without a transactional id.</summary>
    public static ProduceTransaction None { get; } = new(ErrorCode.None, null, 0);

    public bool BeginsAtZero => _version >= FirstThatAdds;

    /// <summary>A request whose transaction may not be written to.</summary>
    public static ProduceTransaction Refused(ErrorCode error) => new(error, null, 0);

    /// <summary>Finds the request's transaction. Since version 12 the request itself adds its partitions to it.</summary>
    public static async ValueTask<ProduceTransaction> BeginAsync(
        TransactionCoordinator transactions, ProduceRequest request, Func<ProduceRequest.Topic, string?> nameOf, short version, CancellationToken cancellation)
    {
        ErrorCode error = transactions.Check(request.TransactionalId!);
        if (error == ErrorCode.None && version >= FirstThatAdds && ProducerOf(request) is { } producer)
        {
            TransactionPartition[] added =
            [
                .. from topic in request.Topics
                   let name = nameOf(topic)
                   where name is not null
                   from partition in topic.Partitions
                   where IsTransactional(partition)
                   select new TransactionPartition(name, partition.Index),
            ];
            error = await transactions.AddAsync(request.TransactionalId!, producer, added, cancellation).ConfigureAwait(false);
        }

        return new ProduceTransaction(InProduce(error, version), transactions.Find(request.TransactionalId!), version);
    }

    /// <summary>Appends one batch.</summary>
    public AppendResult Append(Partition partition, Span<byte> batch)
    {
        if (batch.Length < RecordBatch.HeaderSize || !new RecordBatch(batch).Attributes.IsTransactional)
        {
            return partition.Append(batch);
        }

        if (_error != ErrorCode.None || _guard is null)
        {
            // Without a transactional id nobody can say that the producer may write to its transaction.
            ErrorCode missing = this == None ? ErrorCode.TransactionalIdAuthorizationFailed : ErrorCode.InvalidProducerIdMapping;
            return AppendResult.Refused(_error != ErrorCode.None ? _error : missing);
        }

        AppendResult result = partition.Append(batch, guard: this);
        return result.Error == ErrorCode.InvalidTxnState && _version >= FirstThatIsAbortable
            ? AppendResult.Refused(ErrorCode.TransactionAbortable, "The partition is not part of the producer's open transaction.")
            : result;
    }

    public ErrorCode Check(long producerId, short producerEpoch, string topic, int partition) => _guard!.Check(producerId, producerEpoch, topic, partition);

    private static bool IsTransactional(ProduceRequest.Partition partition) =>
        partition.Records is { Length: >= RecordBatch.HeaderSize } records && new RecordBatch(records.Span).Attributes.IsTransactional;

    private static ProducerIdentity? ProducerOf(ProduceRequest request)
    {
        foreach (ProduceRequest.Partition partition in request.Topics.SelectMany(topic => topic.Partitions).Where(IsTransactional))
        {
            var batch = new RecordBatch(partition.Records!.Value.Span);
            return new ProducerIdentity(batch.ProducerId, batch.ProducerEpoch);
        }

        return null;
    }

    /// <summary>Producers expect no coordinator's errors here: they take this one as "send it again".</summary>
    private static ErrorCode InProduce(ErrorCode error, short version) => error switch
    {
        ErrorCode.CoordinatorNotAvailable or ErrorCode.NotCoordinator or ErrorCode.CoordinatorLoadInProgress => ErrorCode.NotEnoughReplicas,
        ErrorCode.ConcurrentTransactions when version < FirstThatAdds => ErrorCode.NotEnoughReplicas,
        ErrorCode.ProducerFenced => ErrorCode.InvalidProducerEpoch,
        _ => error,
    };
}
