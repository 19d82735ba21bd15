using Freshet.Broker.Cluster;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Cluster;

/// <summary>Answers wishes to move partitions: to stay where it is succeeds, and no broker copies the records of another.</summary>
internal sealed class AlterPartitionReassignmentsHandler(ClusterState cluster) : RequestHandler<AlterPartitionReassignmentsRequest>
{
    public override ApiKey Key => ApiKey.AlterPartitionReassignments;

    public override short MinVersion => 0;

    public override short MaxVersion => 1;

    protected override ValueTask<IKafkaWritable?> HandleAsync(AlterPartitionReassignmentsRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (!context.AllowsCluster(AclOperation.Alter))
        {
            return new(new AlterPartitionReassignmentsResponse(
                ErrorCode.ClusterAuthorizationFailed, "Moving partitions needs the right to alter the cluster.", request.AllowsOtherFactor, []));
        }

        ClusterView view = cluster.View;
        return new(new AlterPartitionReassignmentsResponse(
            ErrorCode.None, null, request.AllowsOtherFactor,
            [.. request.Topics.Select(topic => new TopicResults(topic.Name, [.. topic.Partitions.Select(wanted => Answer(topic.Name, wanted, view))]))]));
    }

    private static PartitionResult Answer(string topic, ReassignedPartition wanted, ClusterView view)
    {
        (ErrorCode error, string? message) = Judge(topic, wanted, view);
        return new PartitionResult(wanted.Index, error, message);
    }

    private static (ErrorCode Error, string? Message) Judge(string name, ReassignedPartition wanted, ClusterView view)
    {
        if (view.Find(name) is not { } topic || wanted.Index < 0 || wanted.Index >= topic.PartitionCount)
        {
            return (ErrorCode.UnknownTopicOrPartition, $"There is no partition {name}-{wanted.Index}.");
        }

        if (wanted.Replicas is not { } replicas)
        {
            return (ErrorCode.NoReassignmentInProgress, "The partition is not being moved.");
        }

        if (replicas.Count == 0 || replicas.Distinct().Count() < replicas.Count)
        {
            return (ErrorCode.InvalidReplicaAssignment, "The list of brokers is empty or names one twice.");
        }

        if (replicas.Where(broker => view.FindBroker(broker) is null).ToArray() is [var unknown, ..])
        {
            return (ErrorCode.InvalidReplicaAssignment, $"There is no broker {unknown}.");
        }

        return replicas.SequenceEqual(topic.Replicas[wanted.Index]) ? (ErrorCode.None, null)
            : replicas.Count > 1 ? (ErrorCode.InvalidReplicationFactor, $"This version keeps one copy of a partition, not {replicas.Count}.")
            : (ErrorCode.InvalidReplicaAssignment, $"This version does not move records between brokers; the partition stays on broker {topic.Replicas[wanted.Index][0]}.");
    }
}
