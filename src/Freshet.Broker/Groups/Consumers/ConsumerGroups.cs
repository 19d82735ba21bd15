using Freshet.Broker.Cluster;
using Freshet.Broker.Groups.Storage;
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

                if (request.IsJoin && group.Conversion.ToConsumer(view) is { } problem)
                {
                    return ConsumerGroupHeartbeatResponse.Refused(ErrorCode.GroupIdNotFound, problem);
                }

                if (group.Consumer is not { } consumer)
                {
                    // Its session ended and the group is classic again: it can come back by joining.
                    return ConsumerGroupHeartbeatResponse.Refused(ErrorCode.UnknownMemberId, $"'{request.MemberId}' is not a member of the group '{request.GroupId}'.");
                }

                response = consumer.Heartbeats.Take(request, clientId, clientHost, view, mayKnow);
                group.Conversion.DowngradeIfDue(view);
                storing = store.StoreChangesAsync(group);
            }

            ErrorCode stored = await storing.ConfigureAwait(false);
            return stored == ErrorCode.None ? response : ConsumerGroupHeartbeatResponse.Refused(ErrorCode.CoordinatorNotAvailable, "The group could not be stored; try again.");
        }
    }
}
