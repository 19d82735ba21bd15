using Freshet.Broker.Cluster;
using Freshet.Broker.Groups;
using Freshet.Broker.Groups.Consumers;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Groups;

/// <summary>Lets a member of the consumer protocol join, stay and leave (KIP-848).</summary>
internal sealed class ConsumerGroupHeartbeatHandler(GroupCoordinator groups, ClusterState cluster) : RequestHandler<ConsumerGroupHeartbeatRequest>
{
    public override ApiKey Key => ApiKey.ConsumerGroupHeartbeat;

    public override short MinVersion => 0;

    public override short MaxVersion => 1;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(
        ConsumerGroupHeartbeatRequest request, RequestContext context, CancellationToken cancellation)
    {
        (ErrorCode error, string? problem) = HeartbeatRules.Check(request, context.Version);
        if (problem is not null)
        {
            return ConsumerGroupHeartbeatResponse.Refused(error, problem);
        }

        if (!context.AllowsGroup(AclOperation.Read, request.GroupId))
        {
            return ConsumerGroupHeartbeatResponse.Refused(ErrorCode.GroupAuthorizationFailed, $"Reading in the group '{request.GroupId}' is not allowed.");
        }

        if (request.SubscribedTopicNames?.FirstOrDefault(topic => !MayKnow(topic)) is { } topic)
        {
            return ConsumerGroupHeartbeatResponse.Refused(ErrorCode.TopicAuthorizationFailed, $"Describing the topic '{topic}' is not allowed.");
        }

        return groups.Check(request.GroupId) is var elsewhere and not ErrorCode.None
            ? ConsumerGroupHeartbeatResponse.Refused(elsewhere, "This broker does not keep the group.")
            : await groups.Consumers.HeartbeatAsync(request, context.Header.ClientId ?? "", context.ClientHost, cluster.View, MayKnow).ConfigureAwait(false);

        bool MayKnow(string name) => context.AllowsTopic(AclOperation.Describe, name);
    }
}
