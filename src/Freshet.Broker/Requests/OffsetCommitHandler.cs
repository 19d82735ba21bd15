using System.Text;
using Freshet.Broker.Cluster;
using Freshet.Broker.Groups;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests;

/// <summary>Stores how far a group has read; answered when it is in the log.</summary>
internal sealed class OffsetCommitHandler(GroupCoordinator groups, ClusterState cluster, BrokerOptions options, TimeProvider time) : RequestHandler<OffsetCommitRequest>
{
    public override ApiKey Key => ApiKey.OffsetCommit;

    public override short MinVersion => 2;

    public override short MaxVersion => 9;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(OffsetCommitRequest request, RequestContext context, CancellationToken cancellation)
    {
        ClusterView view = cluster.View;
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        OffsetRecord[] records =
        [
            .. from topic in request.Topics
               from partition in topic.Partitions
               where Problem(topic.Name, partition, view) == ErrorCode.None
               select new OffsetRecord(
                   request.GroupId, topic.Name, partition.Index, new CommittedOffset(partition.Offset, partition.LeaderEpoch, partition.Metadata ?? "", now)),
        ];
        ErrorCode error = groups.Check(request.GroupId);
        if (error == ErrorCode.None)
        {
            error = await groups.CommitAsync(request, records).ConfigureAwait(false);
        }

        return new OffsetCommitResponse([.. request.Topics.Select(topic => new OffsetCommitTopicResult(
            topic.Name,
            [.. topic.Partitions.Select(partition => new OffsetCommitPartitionResult(
                partition.Index, error != ErrorCode.None ? error : Problem(topic.Name, partition, view)))]))]);
    }

    private ErrorCode Problem(string topic, OffsetCommitPartition partition, ClusterView view) =>
        view.Find(topic) is not { } known || partition.Index < 0 || partition.Index >= known.PartitionCount ? ErrorCode.UnknownTopicOrPartition
        : Encoding.UTF8.GetByteCount(partition.Metadata ?? "") > options.MaxOffsetMetadataBytes ? ErrorCode.OffsetMetadataTooLarge
        : ErrorCode.None;
}
