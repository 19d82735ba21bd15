using System.Collections.Immutable;
using Freshet.Broker.Cluster;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>What members of the consumer protocol ask of their group: all of it by heartbeats, which follow the <see cref="HeartbeatRules"/>.</summary>
internal sealed class ConsumerHeartbeats(string groupId, ConsumerGroup group, BrokerOptions options)
{
    /// <summary>A member joins, says that it lives, or leaves.</summary>
    /// <param name="mayKnow">Whether the member may know of a topic.</param>
    public ConsumerGroupHeartbeatResponse Take(
        ConsumerGroupHeartbeatRequest request, string clientId, string clientHost, ClusterView view, Func<string, bool>? mayKnow = null)
    {
        if (request.MemberEpoch < 0)
        {
            return Leave(request);
        }

        ImmutableHashSet<TopicIdPartition>? owned = request.TopicPartitions is { } topics ? TopicIdPartition.FromTopics(topics) : null;
        if (Problem(request, owned, out ConsumerMember? member) is { } problem)
        {
            return problem;
        }

        member = request.IsJoin ? Join(request, member) : member!;
        member.MayKnow = mayKnow ?? member.MayKnow;
        MemberPlace before = member.Place;
        group.Target.Update(view, subscriptionsChanged: UpdateSubscription(member, request, clientId, clientHost));
        group.Reconcile(member, owned);
        group.Alive(member);
        bool tellsAssignment = request.IsJoin || request.IsFull || !member.Place.OwnsSameAs(before);
        return Answer(member, member.Place.Epoch, tellsAssignment ? TopicIdPartition.ToTopics(member.Place.Assigned.Keys) : null);
    }

    /// <summary>Finds the member and what speaks against the request; null when nothing does.</summary>
    private ConsumerGroupHeartbeatResponse? Problem(ConsumerGroupHeartbeatRequest request, ImmutableHashSet<TopicIdPartition>? owned, out ConsumerMember? member)
    {
        member = Find(request);
        return request.IsJoin ? JoinProblem(request, member)
            : UnknownProblem(request, member) is { } unknown ? unknown
            : IsAt(member!.Place, request.MemberEpoch, owned) ? null
            : Refused(ErrorCode.FencedMemberEpoch, $"The member is at epoch {member.Place.Epoch}, not {request.MemberEpoch}: it must give up its partitions and join again.");
    }

    private ConsumerMember? Find(ConsumerGroupHeartbeatRequest request) =>
        request.InstanceId is { } instance ? group.Members.FindInstance(instance) : group.Members.Find(request.MemberId);

    private ConsumerGroupHeartbeatResponse? JoinProblem(ConsumerGroupHeartbeatRequest request, ConsumerMember? member) =>
        member is null
            ? group.Members.Count >= options.MaxGroupMembers ? Refused(ErrorCode.GroupMaxSizeReached, $"The group has {group.Members.Count} members, and may have no more.") : null
            : member.Id == request.MemberId || member.IsAway || member.IsClassic ? null
            : Refused(ErrorCode.UnreleasedInstanceId, $"The instance '{request.InstanceId}' is still the member '{member.Id}'.");

    private ConsumerGroupHeartbeatResponse? UnknownProblem(ConsumerGroupHeartbeatRequest request, ConsumerMember? member) =>
        member is null ? Refused(ErrorCode.UnknownMemberId, $"'{request.MemberId}' is not a member of the group '{groupId}'.")
        : member.Id != request.MemberId ? Refused(ErrorCode.FencedInstanceId, $"The instance '{request.InstanceId}' is now the member '{member.Id}'.")
        : null;

    /// <summary>A member that lost an answer names the epoch before; it cannot own what only the lost answer gave it.</summary>
    private static bool IsAt(MemberPlace place, int epoch, ImmutableHashSet<TopicIdPartition>? owned) =>
        epoch == place.Epoch || (epoch == place.PreviousEpoch && epoch < place.Epoch && owned?.All(place.Assigned.ContainsKey) == true);

    private ConsumerMember Join(ConsumerGroupHeartbeatRequest request, ConsumerMember? earlier)
    {
        string id = request.MemberId.Length > 0 ? request.MemberId : KafkaUuid.ToText(Guid.NewGuid());
        if (earlier is null)
        {
            return group.Members.Add(id);
        }

        if (earlier.Id != id)
        {
            return group.Members.Replace(earlier, id);
        }

        group.Members.StartOver(earlier);
        return earlier;
    }

    /// <summary>Takes in what the member says of itself; true when the partitions may have to be dealt out anew.</summary>
    private bool UpdateSubscription(ConsumerMember member, ConsumerGroupHeartbeatRequest request, string clientId, string clientHost)
    {
        MemberSubscription before = member.Subscription;
        MemberSubscription after = before.After(request, clientId, clientHost);
        if (!after.IsSameAs(before))
        {
            group.Members.SetSubscription(member, after);
        }

        return before == MemberSubscription.None || !after.WantsSameAs(before);
    }

    private ConsumerGroupHeartbeatResponse Leave(ConsumerGroupHeartbeatRequest request)
    {
        ConsumerMember? member = Find(request);
        if (UnknownProblem(request, member) is { } unknown)
        {
            return unknown;
        }

        if (request.MemberEpoch == ConsumerGroupHeartbeatRequest.LeaveForNow)
        {
            // Its share is kept for it until its session ends.
            group.Members.SetPlace(member!, MemberPlace.New with { Epoch = ConsumerMember.LeftForNow, PreviousEpoch = member!.Place.Epoch });
            member.Deadline = null;
        }
        else
        {
            group.Remove(member!);
        }

        // One that has left sends no more heartbeats.
        return Answer(member!, request.MemberEpoch, null) with { HeartbeatIntervalMs = 0 };
    }

    private ConsumerGroupHeartbeatResponse Answer(ConsumerMember member, int epoch, IReadOnlyList<TopicIdPartitions>? assignment) => new(
        ErrorCode.None, null, member.Id, epoch, (int)group.HeartbeatInterval.TotalMilliseconds, assignment);

    private static ConsumerGroupHeartbeatResponse Refused(ErrorCode error, string message) => ConsumerGroupHeartbeatResponse.Refused(error, message);
}
