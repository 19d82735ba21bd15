using Freshet.Broker.Cluster;
using Freshet.Broker.Cluster.Topics;
using Freshet.Broker.Groups;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Cluster;

/// <summary>Tells which broker keeps a group or a transactional id: the leader of its partition of the topic that keeps all of them.</summary>
internal sealed class FindCoordinatorHandler(ClusterState cluster, TopicAdmin topics) : RequestHandler<FindCoordinatorRequest>
{
    private static readonly BrokerEndpoint NoBroker = new(-1, "", -1);

    public override ApiKey Key => ApiKey.FindCoordinator;

    public override short MinVersion => 0;

    public override short MaxVersion => 6;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(FindCoordinatorRequest request, RequestContext context, CancellationToken cancellation)
    {
        string? keeper = request.KeyType switch
        {
            FindCoordinatorRequest.Groups => Topic.ConsumerOffsets,
            FindCoordinatorRequest.Transactions => Topic.TransactionState,
            _ => null,
        };
        if (keeper is null)
        {
            return new FindCoordinatorResponse([.. request.Keys.Select(key => Refused(
                key, ErrorCode.InvalidRequest, $"This broker coordinates groups and transactions; it does not know keys of type {request.KeyType}."))]);
        }

        if (cluster.View.Find(keeper) is null)
        {
            await topics.EnsureAsync(keeper, cancellation).ConfigureAwait(false);
        }

        if (cluster.View.Find(keeper) is null)
        {
            // Others create it at the same time: its coordinators are there when its partitions are. Some clients give up after a few tries.
            await cluster.RefreshTopicAsync(keeper, cancellation).ConfigureAwait(false);
        }

        ClusterView view = cluster.View;
        return new FindCoordinatorResponse([.. request.Keys.Select(key => Allows(context, request.KeyType, key) is var error and not ErrorCode.None
            ? Refused(key, error, "You may not describe it.")
            : Find(key, view.Find(keeper), view, context.Peer.Listener))]);
    }

    private static ErrorCode Allows(RequestContext context, sbyte type, string key) =>
        type == FindCoordinatorRequest.Groups
            ? context.AllowsGroup(AclOperation.Describe, key) ? ErrorCode.None : ErrorCode.GroupAuthorizationFailed
            : context.AllowsTransactionalId(AclOperation.Describe, key) ? ErrorCode.None : ErrorCode.TransactionalIdAuthorizationFailed;

    private static Coordinator Find(string key, Topic? keeper, ClusterView view, BrokerListener listener)
    {
        if (keeper is null || view.LeaderOf(keeper, JavaHash.PartitionOf(key, keeper.PartitionCount)) is not { } leader
            || view.FindBroker(leader)?.On(listener) is not { } endpoint)
        {
            return Refused(key, ErrorCode.CoordinatorNotAvailable, "The broker that keeps it is not there; try again.");
        }

        return new Coordinator(key, endpoint, ErrorCode.None, null);
    }

    private static Coordinator Refused(string key, ErrorCode error, string message) => new(key, NoBroker, error, message);
}
