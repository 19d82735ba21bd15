using Freshet.Broker.Cluster;
using Freshet.Broker.Partitions;
using Freshet.Broker.Transactions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests;

/// <summary>Adds partitions to a transaction: all of them or none.</summary>
internal sealed class AddPartitionsToTxnHandler(TransactionCoordinator transactions, PartitionRegistry partitions) : RequestHandler<AddPartitionsToTxnRequest>
{
    private const short FirstWithFenced = 2;

    public override ApiKey Key => ApiKey.AddPartitionsToTxn;

    public override short MinVersion => 0;

    // Later versions are for brokers among themselves.
    public override short MaxVersion => 3;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(AddPartitionsToTxnRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (!context.AllowsTransactionalId(AclOperation.Write, request.TransactionalId))
        {
            return Answer(request, (_, _) => ErrorCode.TransactionalIdAuthorizationFailed);
        }

        Dictionary<TransactionPartition, ErrorCode> problems = request.Topics
            .SelectMany(topic => topic.Partitions.Select(partition => new TransactionPartition(topic.Name, partition))).Distinct()
            .ToDictionary(partition => partition, partition => Problem(partition, context));
        if (problems.Values.Any(problem => problem != ErrorCode.None))
        {
            return Answer(request, (topic, partition) =>
                problems[new TransactionPartition(topic, partition)] is var problem and not ErrorCode.None ? problem : ErrorCode.OperationNotAttempted);
        }

        ErrorCode error = await transactions.AddAsync(
            request.TransactionalId, new ProducerIdentity(request.ProducerId, request.ProducerEpoch), problems.Keys, cancellation).ConfigureAwait(false);
        return Answer(request, (_, _) => error.In(context.Version, FirstWithFenced));
    }

    private ErrorCode Problem(TransactionPartition partition, RequestContext context) =>
        !context.AllowsTopic(AclOperation.Write, partition.Topic) ? ErrorCode.TopicAuthorizationFailed
        : Topic.IsInternalName(partition.Topic) ? ErrorCode.TopicAuthorizationFailed
        : partitions.Find(partition.Topic, partition.Partition) is null ? ErrorCode.UnknownTopicOrPartition
        : ErrorCode.None;

    private static AddPartitionsToTxnResponse Answer(AddPartitionsToTxnRequest request, Func<string, int, ErrorCode> error) => new(
    [
        .. request.Topics.Select(topic => new TxnTopicResult(
            topic.Name, [.. topic.Partitions.Select(partition => new TxnPartitionResult(partition, error(topic.Name, partition)))])),
    ]);
}
