using Freshet.Broker.Cluster.Topics;
using Freshet.Broker.Partitions;
using Freshet.Broker.Transactions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Transactions;

/// <summary>Adds partitions to a transaction: all of them or none.</summary>
internal sealed class AddPartitionsToTxnHandler(TransactionCoordinator transactions, PartitionRegistry partitions) : RequestHandler<AddPartitionsToTxnRequest>
{
    private const short FirstWithFenced = 2;

    public override ApiKey Key => ApiKey.AddPartitionsToTxn;

    public override short MinVersion => 0;

    public override short MaxVersion => 5;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(AddPartitionsToTxnRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (context.Version >= AddPartitionsToTxnRequest.FirstWithSeveral && !context.AllowsCluster(AclOperation.ClusterAction))
        {
            return new AddPartitionsToTxnResponse(ErrorCode.ClusterAuthorizationFailed, []);
        }

        var grown = new List<AddPartitionsToTxnTransactionResult>();
        foreach (AddPartitionsToTxnTransaction transaction in request.Transactions)
        {
            grown.Add(new AddPartitionsToTxnTransactionResult(transaction.TransactionalId, await AddAsync(transaction, context, cancellation).ConfigureAwait(false)));
        }

        return new AddPartitionsToTxnResponse(ErrorCode.None, grown);
    }

    private async ValueTask<TopicErrors[]> AddAsync(AddPartitionsToTxnTransaction wanted, RequestContext context, CancellationToken cancellation)
    {
        bool fromBroker = context.Version >= AddPartitionsToTxnRequest.FirstWithSeveral;
        if (!fromBroker && !context.AllowsTransactionalId(AclOperation.Write, wanted.TransactionalId))
        {
            return Answer(wanted, _ => ErrorCode.TransactionalIdAuthorizationFailed);
        }

        Dictionary<TransactionPartition, ErrorCode> problems = wanted.Topics
            .SelectMany(topic => topic.Partitions.Select(partition => new TransactionPartition(topic.Name, partition))).Distinct()
            .ToDictionary(partition => partition, partition => Problem(partition, context, fromBroker));
        if (problems.Values.Any(problem => problem != ErrorCode.None))
        {
            return Answer(wanted, partition => problems[partition] is var problem and not ErrorCode.None ? problem : ErrorCode.OperationNotAttempted);
        }

        var producer = new ProducerIdentity(wanted.ProducerId, wanted.ProducerEpoch);
        if (wanted.VerifyOnly)
        {
            return Answer(wanted, partition => Verify(wanted.TransactionalId, producer, partition));
        }

        ErrorCode error = await transactions.AddAsync(wanted.TransactionalId, producer, problems.Keys, cancellation).ConfigureAwait(false);
        return Answer(wanted, _ => error.In(context.Version, FirstWithFenced));
    }

    /// <summary>Whether the producer's open transaction has the partition.</summary>
    private ErrorCode Verify(string transactionalId, ProducerIdentity producer, TransactionPartition partition)
    {
        ErrorCode kept = transactions.Check(transactionalId);
        ErrorCode error = kept != ErrorCode.None ? kept
            : transactions.Find(transactionalId)?.Check(producer.ProducerId, producer.Epoch, partition.Topic, partition.Partition) ?? ErrorCode.InvalidProducerIdMapping;
        return error switch
        {
            ErrorCode.InvalidTxnState => ErrorCode.TransactionAbortable,
            ErrorCode.InvalidProducerEpoch => ErrorCode.ProducerFenced,
            _ => error,
        };
    }

    private ErrorCode Problem(TransactionPartition partition, RequestContext context, bool fromBroker) =>
        !fromBroker && (Topic.IsInternalName(partition.Topic) || !context.AllowsTopic(AclOperation.Write, partition.Topic)) ? ErrorCode.TopicAuthorizationFailed
        : partitions.Find(partition.Topic, partition.Partition) is null ? ErrorCode.UnknownTopicOrPartition
        : ErrorCode.None;

    private static TopicErrors[] Answer(AddPartitionsToTxnTransaction wanted, Func<TransactionPartition, ErrorCode> error) =>
    [
        .. wanted.Topics.Select(topic => new TopicErrors(
            topic.Name, [.. topic.Partitions.Select(partition => new PartitionError(partition, error(new TransactionPartition(topic.Name, partition))))])),
    ];
}
