using Freshet.Broker.Cluster;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Cluster;

/// <summary>Tells the cluster's id and brokers.</summary>
internal sealed class DescribeClusterHandler(ClusterState cluster, ClusterSession session, int brokerId) : RequestHandler<DescribeClusterRequest>
{
    public override ApiKey Key => ApiKey.DescribeCluster;

    public override short MinVersion => 0;

    public override short MaxVersion => 2;

    protected override ValueTask<IKafkaWritable?> HandleAsync(DescribeClusterRequest request, RequestContext context, CancellationToken cancellation) =>
        new(request.EndpointType switch
        {
            DescribeClusterRequest.Brokers => new DescribeClusterResponse(
                ErrorCode.None, null, DescribeClusterRequest.Brokers, session.ClusterId, brokerId, cluster.View.EndpointsOn(context.Peer.Listener),
                request.IncludesOperations ? context.ClusterOperations() : MetadataResponse.NoOperations),
            DescribeClusterRequest.Controllers => Refused(ErrorCode.MismatchedEndpointType, "This address belongs to a broker; ask it for brokers."),
            _ => Refused(ErrorCode.UnsupportedEndpointType, $"There are no endpoints of type {request.EndpointType}."),
        });

    /// <summary>An answer tells what kind of endpoint gave it, whatever was asked for.</summary>
    private DescribeClusterResponse Refused(ErrorCode error, string message) => new(error, message, DescribeClusterRequest.Brokers, session.ClusterId, -1, []);
}
