using System.Text;
using Freshet.Broker.Cluster;
using Freshet.Broker.Cluster.Topics;
using Freshet.Broker.Groups;
using Freshet.Broker.Groups.Consumers;
using Freshet.Broker.Groups.Offsets;
using Freshet.Broker.Groups.Storage;
using Freshet.Broker.Transactions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Transactions;

/// <summary>Stores how far a group has read as part of a transaction; it is seen when the transaction commits.</summary>
internal sealed class TxnOffsetCommitHandler(
    GroupCoordinator groups, TransactionCoordinator transactions, ClusterState cluster, BrokerOptions options, TimeProvider time)
    : RequestHandler<TxnOffsetCommitRequest>
{
    /// <summary>From here on the request itself adds the group to the transaction (KIP-890).</summary>
    private const short FirstThatAdds = 5;

    /// <summary>From here on a client knows that it may abort and go on.</summary>
    private const short FirstThatIsAbortable = 4;

    public override ApiKey Key => ApiKey.TxnOffsetCommit;

    public override short MinVersion => 0;

    public override short MaxVersion => 5;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(TxnOffsetCommitRequest request, RequestContext context, CancellationToken cancellation)
    {
        ErrorCode error = ProblemOf(request, context);
        if (error == ErrorCode.None && context.Version >= FirstThatAdds && groups.PlaceOf(request.GroupId) is { } place)
        {
            error = await transactions.AddAsync(
                request.TransactionalId, new ProducerIdentity(request.ProducerId, request.ProducerEpoch),
                [new TransactionPartition(Topic.ConsumerOffsets, place)], cancellation).ConfigureAwait(false);
        }

        if (error == ErrorCode.None)
        {
            error = transactions.Find(request.TransactionalId) is { } guard
                ? await groups.Commits.CommitInTransactionAsync(request, Records(request, context), Partitions(request), guard).ConfigureAwait(false)
                : ErrorCode.InvalidProducerIdMapping;
        }

        error = error switch
        {
            ErrorCode.ProducerFenced => ErrorCode.InvalidProducerEpoch, // The only one of the two that this answer knows.
            ErrorCode.InvalidTxnState when context.Version >= FirstThatIsAbortable => ErrorCode.TransactionAbortable,
            _ => error,
        };
        return new TxnOffsetCommitResponse([.. request.Topics.Select(topic => new TopicErrors(
            topic.Name,
            [.. topic.Partitions.Select(partition => new PartitionError(
                partition.Index, error != ErrorCode.None ? error : Problem(topic.Name, partition, context)))]))]);
    }

    private ErrorCode ProblemOf(TxnOffsetCommitRequest request, RequestContext context) =>
        !context.AllowsTransactionalId(AclOperation.Write, request.TransactionalId) ? ErrorCode.TransactionalIdAuthorizationFailed
        : !context.AllowsGroup(AclOperation.Read, request.GroupId) ? ErrorCode.GroupAuthorizationFailed
        : groups.Check(request.GroupId);

    private OffsetRecord[] Records(TxnOffsetCommitRequest request, RequestContext context)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return
        [
            .. from topic in request.Topics
               from partition in topic.Partitions
               where Problem(topic.Name, partition, context) == ErrorCode.None
               select new OffsetRecord(
                   request.GroupId, topic.Name, partition.Index, new CommittedOffset(partition.Offset, partition.LeaderEpoch, partition.Metadata ?? "", now)),
        ];
    }

    private TopicIdPartition[] Partitions(TxnOffsetCommitRequest request) =>
        [.. request.Topics.SelectMany(topic => topic.Partitions.Select(partition => new TopicIdPartition(cluster.View.Find(topic.Name)?.Id ?? default, partition.Index)))];

    private ErrorCode Problem(string topic, TxnOffsetCommitPartition partition, RequestContext context) =>
        !context.AllowsTopic(AclOperation.Read, topic) ? ErrorCode.TopicAuthorizationFailed
        : cluster.View.Find(topic) is not { } known || partition.Index < 0 || partition.Index >= known.PartitionCount ? ErrorCode.UnknownTopicOrPartition
        : Encoding.UTF8.GetByteCount(partition.Metadata ?? "") > options.MaxOffsetMetadataBytes ? ErrorCode.OffsetMetadataTooLarge
        : ErrorCode.None;
}
