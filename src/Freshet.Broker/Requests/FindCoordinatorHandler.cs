using Freshet.Broker.Cluster;
using Freshet.Broker.Groups;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests;

/// <summary>Tells which broker keeps a group: the leader of the group's partition of the offsets topic.</summary>
internal sealed class FindCoordinatorHandler(ClusterState cluster, TopicAdmin topics) : RequestHandler<FindCoordinatorRequest>
{
    private static readonly BrokerEndpoint NoBroker = new(-1, "", -1);

    public override ApiKey Key => ApiKey.FindCoordinator;

    public override short MinVersion => 0;

    public override short MaxVersion => 5;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(FindCoordinatorRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (request.KeyType != FindCoordinatorRequest.Groups)
        {
            return new FindCoordinatorResponse([.. request.Keys.Select(key => Refused(
                key, ErrorCode.CoordinatorNotAvailable, "This broker coordinates groups only; transactions are not supported yet."))]);
        }

        if (cluster.View.Find(Topic.ConsumerOffsets) is null)
        {
            await topics.EnsureAsync(Topic.ConsumerOffsets, cancellation).ConfigureAwait(false);
        }

        ClusterView view = cluster.View;
        return new FindCoordinatorResponse([.. request.Keys.Select(key => Find(key, view, context.Peer.Listener))]);
    }

    private static Coordinator Find(string group, ClusterView view, BrokerListener listener)
    {
        if (view.Find(Topic.ConsumerOffsets) is not { } topic
            || view.LeaderOf(topic, JavaHash.PartitionOf(group, topic.PartitionCount)) is not { } leader
            || view.Brokers[leader].On(listener) is not { } endpoint)
        {
            return Refused(group, ErrorCode.CoordinatorNotAvailable, "The broker that keeps this group is not there; try again.");
        }

        return new Coordinator(group, endpoint, ErrorCode.None, null);
    }

    private static Coordinator Refused(string key, ErrorCode error, string message) => new(key, NoBroker, error, message);
}
