using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Cluster;

/// <summary>Tells which partitions are moving between brokers: none ever does.</summary>
internal sealed class ListPartitionReassignmentsHandler : RequestHandler<ListPartitionReassignmentsRequest>
{
    public override ApiKey Key => ApiKey.ListPartitionReassignments;

    public override short MinVersion => 0;

    public override short MaxVersion => 0;

    protected override ValueTask<IKafkaWritable?> HandleAsync(ListPartitionReassignmentsRequest request, RequestContext context, CancellationToken cancellation) =>
        new(context.AllowsCluster(AclOperation.Describe)
            ? new ListPartitionReassignmentsResponse(ErrorCode.None, null)
            : new ListPartitionReassignmentsResponse(ErrorCode.ClusterAuthorizationFailed, "Listing moves of partitions needs the right to describe the cluster."));
}
