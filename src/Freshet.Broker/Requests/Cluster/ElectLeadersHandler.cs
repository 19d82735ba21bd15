using Freshet.Broker.Cluster;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Cluster;

/// <summary>
/// Answers requests for elections. There is nothing to elect: the first replica of a partition that lives leads it, and no other may
/// while it does.
/// </summary>
internal sealed class ElectLeadersHandler(ClusterState cluster) : RequestHandler<ElectLeadersRequest>
{
    public override ApiKey Key => ApiKey.ElectLeaders;

    public override short MinVersion => 0;

    public override short MaxVersion => 2;

    protected override ValueTask<IKafkaWritable?> HandleAsync(ElectLeadersRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (!context.AllowsCluster(AclOperation.Alter))
        {
            return new(Refuse(request, ErrorCode.ClusterAuthorizationFailed, "Electing leaders needs the right to alter the cluster."));
        }

        if (request.Type is not (ElectionType.Preferred or ElectionType.Unclean))
        {
            return new(Refuse(request, ErrorCode.InvalidRequest, $"Unknown election type {(int)request.Type}."));
        }

        ClusterView view = cluster.View;
        return new(new ElectLeadersResponse(
            ErrorCode.None,
            request.Topics is { } topics
                ? [.. topics.Select(topic => new TopicResults(topic.Name, [.. topic.Partitions.Select(index => Elect(topic.Name, index, request.Type, view))]))]
                : ElectAll(request.Type, view)));
    }

    /// <summary>Where all partitions are asked for, those that need no election go without saying.</summary>
    private static TopicResults[] ElectAll(ElectionType type, ClusterView view) =>
    [
        .. view.Topics.Values.Select(topic => new TopicResults(
            topic.Name,
            [.. Enumerable.Range(0, topic.PartitionCount).Select(index => Elect(topic.Name, index, type, view)).Where(answer => answer.Error != ErrorCode.ElectionNotNeeded)])),
    ];

    private static PartitionResult Elect(string name, int index, ElectionType type, ClusterView view)
    {
        if (view.Find(name) is not { } topic || index < 0 || index >= topic.PartitionCount)
        {
            return new PartitionResult(index, ErrorCode.UnknownTopicOrPartition, $"There is no partition {name}-{index}.");
        }

        int? leader = view.LeaderOf(topic, index);
        return type == ElectionType.Preferred
            ? leader == topic.Replicas[index][0]
                ? new PartitionResult(index, ErrorCode.ElectionNotNeeded, "The preferred leader leads.")
                : new PartitionResult(index, ErrorCode.PreferredLeaderNotAvailable, $"The preferred leader, broker {topic.Replicas[index][0]}, is not there.")
            : leader is not null
                ? new PartitionResult(index, ErrorCode.ElectionNotNeeded, "The partition has a leader.")
                : new PartitionResult(index, ErrorCode.EligibleLeadersNotAvailable, "None of the brokers that hold the partition is there.");
    }

    private static ElectLeadersResponse Refuse(ElectLeadersRequest request, ErrorCode error, string message) => new(
        error, [.. (request.Topics ?? []).Select(topic => new TopicResults(topic.Name, [.. topic.Partitions.Select(index => new PartitionResult(index, error, message))]))]);
}
