using Freshet.Broker.Cluster;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>The requests of the consumer protocol (KIP-848).</summary>
internal sealed class ConsumerGroups(GroupRegistry groups, GroupStore store)
{
    /// <summary>A heartbeat of the consumer protocol. What it changes is stored before it is answered.</summary>
    public async ValueTask<ConsumerGroupHeartbeatResponse> HeartbeatAsync(
        ConsumerGroupHeartbeatRequest request, string clientId, string clientHost, ClusterView view, Func<string, bool> mayKnow)
    {
        while (true)
        {
            Group? group = request.IsJoin ? groups.FindOrAdd(request.GroupId) : groups.Find(request.GroupId);
            if (group is null)
            {
                return ConsumerGroupHeartbeatResponse.Refused(ErrorCode.UnknownMemberId, $"There is no group '{request.GroupId}'.");
            }

            ConsumerGroupHeartbeatResponse response;
            ValueTask<ErrorCode> storing;
            lock (group)
            {
                if (group.IsDeleted)
                {
                    continue;
                }

                if ((request.IsJoin ? group.ToConsumer() : group.Consumer) is not { } consumer)
                {
                    return ConsumerGroupHeartbeatResponse.Refused(
                        ErrorCode.GroupIdNotFound, $"The group '{request.GroupId}' has members of the classic protocol, and can change to the consumer protocol once they have left.");
                }

                response = consumer.Heartbeat(request, clientId, clientHost, view, mayKnow);
                storing = store.StoreMembersAsync(group, consumer);
            }

            ErrorCode stored = await storing.ConfigureAwait(false);
            return stored == ErrorCode.None ? response : ConsumerGroupHeartbeatResponse.Refused(ErrorCode.CoordinatorNotAvailable, "The group could not be stored; try again.");
        }
    }
}
