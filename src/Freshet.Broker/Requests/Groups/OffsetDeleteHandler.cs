using Freshet.Broker.Cluster;
using Freshet.Broker.Groups;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Groups;

/// <summary>Deletes committed offsets of topics that no member of the group reads.</summary>
internal sealed class OffsetDeleteHandler(GroupCoordinator groups, ClusterState cluster) : RequestHandler<OffsetDeleteRequest>
{
    public override ApiKey Key => ApiKey.OffsetDelete;

    public override short MinVersion => 0;

    public override short MaxVersion => 0;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(OffsetDeleteRequest request, RequestContext context, CancellationToken cancellation)
    {
        ErrorCode error = !context.AllowsGroup(AclOperation.Delete, request.GroupId) ? ErrorCode.GroupAuthorizationFailed : groups.Check(request.GroupId);
        Dictionary<string, ErrorCode> topics = [];
        if (error == ErrorCode.None)
        {
            OffsetDeleteTopic[] allowed = [.. request.Topics.Where(topic => context.AllowsTopic(AclOperation.Read, topic.Name))];
            (error, topics) = await groups.OffsetDeletion.DeleteAsync(request.GroupId, allowed, cluster.View).ConfigureAwait(false);
        }

        return new OffsetDeleteResponse(error, error != ErrorCode.None ? [] : [.. request.Topics.Select(topic => new OffsetDeleteTopicResult(
            topic.Name,
            [.. topic.Partitions.Select(partition => new OffsetDeletePartitionResult(partition, Result(topic.Name, partition, topics)))]))]);
    }

    private ErrorCode Result(string topic, int partition, Dictionary<string, ErrorCode> topics) =>
        !topics.TryGetValue(topic, out ErrorCode error) ? ErrorCode.TopicAuthorizationFailed
        : error == ErrorCode.None && (cluster.View.Find(topic) is not { } known || partition < 0 || partition >= known.PartitionCount)
            ? ErrorCode.UnknownTopicOrPartition
        : error;
}
