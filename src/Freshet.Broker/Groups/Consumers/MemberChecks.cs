using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>Whether somebody who names a member and an epoch may commit offsets of a group of the consumer protocol, or read them.</summary>
internal static class MemberChecks
{
    /// <summary>A member may commit offsets of these partitions if it has had them since the epoch that it names.</summary>
    public static ErrorCode CheckCommit(this ConsumerGroup group, string memberId, int epoch, IEnumerable<TopicIdPartition> partitions)
    {
        if (epoch < 0 && group.IsEmpty)
        {
            return ErrorCode.None; // An operator resets the offsets.
        }

        return group.Members.Find(memberId) is not { } member ? ErrorCode.UnknownMemberId
            : epoch == member.Place.Epoch || HasHad(member.Place, epoch, partitions) ? ErrorCode.None
            : EpochError(member);
    }

    public static ErrorCode CheckFetch(this ConsumerGroup group, string? memberId, int epoch) =>
        memberId is null && epoch < 0 ? ErrorCode.None
        : group.Members.Find(memberId ?? "") is not { } member ? ErrorCode.UnknownMemberId
        : member.Place.Epoch == epoch ? ErrorCode.None
        : EpochError(member);

    /// <summary>A member of the classic protocol knows only that protocol's word for an epoch that is over.</summary>
    private static ErrorCode EpochError(ConsumerMember member) => member.IsClassic ? ErrorCode.IllegalGeneration : ErrorCode.StaleMemberEpoch;

    private static bool HasHad(MemberPlace place, int epoch, IEnumerable<TopicIdPartition> partitions) =>
        epoch < place.Epoch && partitions.All(partition => place.Assigned.TryGetValue(partition, out int since) && epoch >= since);
}
