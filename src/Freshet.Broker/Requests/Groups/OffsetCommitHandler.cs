using System.Text;
using Freshet.Broker.Cluster;
using Freshet.Broker.Cluster.Topics;
using Freshet.Broker.Groups;
using Freshet.Broker.Groups.Consumers;
using Freshet.Broker.Groups.Offsets;
using Freshet.Broker.Groups.Storage;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Groups;

/// <summary>Stores how far a group has read; answered when it is in the log.</summary>
internal sealed class OffsetCommitHandler(GroupCoordinator groups, ClusterState cluster, BrokerOptions options, TimeProvider time) : RequestHandler<OffsetCommitRequest>
{
    private const short FirstById = 10;

    public override ApiKey Key => ApiKey.OffsetCommit;

    public override short MinVersion => 2;

    public override short MaxVersion => 10;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(OffsetCommitRequest request, RequestContext context, CancellationToken cancellation)
    {
        ClusterView view = cluster.View;
        bool byId = context.Version >= FirstById;
        (OffsetCommitTopic Asked, Topic? Topic)[] topics =
            [.. request.Topics.Select(topic => (topic, byId ? view.Find(topic.TopicId) : view.Find(topic.Name)))];
        ErrorCode error = groups.CheckKept(request.GroupId, context, AclOperation.Read);
        if (error == ErrorCode.None)
        {
            error = await groups.Commits.CommitAsync(request, context.Version, Records(request.GroupId, topics, context), Partitions(topics)).ConfigureAwait(false);
        }

        return new OffsetCommitResponse([.. topics.Select(topic => new OffsetCommitTopicResult(
            topic.Asked.Name,
            [.. topic.Asked.Partitions.Select(partition => new OffsetCommitPartitionResult(
                partition.Index, error != ErrorCode.None ? error : Problem(topic.Asked, topic.Topic, partition, context)))]) { TopicId = topic.Asked.TopicId })]);
    }

    private OffsetRecord[] Records(string groupId, IEnumerable<(OffsetCommitTopic Asked, Topic? Topic)> topics, RequestContext context)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return
        [
            .. from topic in topics
               from partition in topic.Asked.Partitions
               where Problem(topic.Asked, topic.Topic, partition, context) == ErrorCode.None
               select new OffsetRecord(
                   groupId, topic.Topic!.Name, partition.Index, new CommittedOffset(partition.Offset, partition.LeaderEpoch, partition.Metadata ?? "", now)),
        ];
    }

    private static TopicIdPartition[] Partitions(IEnumerable<(OffsetCommitTopic Asked, Topic? Topic)> topics) =>
        [.. topics.SelectMany(topic => topic.Asked.Partitions.Select(partition => new TopicIdPartition(topic.Topic?.Id ?? default, partition.Index)))];

    private ErrorCode Problem(OffsetCommitTopic asked, Topic? topic, OffsetCommitPartition partition, RequestContext context) =>
        topic is null && context.Version >= FirstById ? ErrorCode.UnknownTopicId
        : !context.AllowsTopic(AclOperation.Read, topic?.Name ?? asked.Name) ? ErrorCode.TopicAuthorizationFailed
        : topic is null ? ErrorCode.UnknownTopicOrPartition
        : partition.Index < 0 || partition.Index >= topic.PartitionCount ? ErrorCode.UnknownTopicOrPartition
        : Encoding.UTF8.GetByteCount(partition.Metadata ?? "") > options.MaxOffsetMetadataBytes ? ErrorCode.OffsetMetadataTooLarge
        : ErrorCode.None;
}
