using Freshet.Broker.Groups.Classic;
using Freshet.Broker.Groups.Consumers;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups.Offsets;

/// <summary>Who may commit offsets of a group. Called under the group's lock.</summary>
internal static class CommitRules
{
    // From here on a client knows the errors of the consumer protocol.
    private const short FirstConsumerCommit = 9;

    /// <summary>Whether offsets may be committed.</summary>
    /// <param name="partitions">What the request is about, by topic id.</param>
    public static ErrorCode Check(Group group, OffsetCommitRequest request, short version, IReadOnlyList<TopicIdPartition> partitions)
    {
        if (group.IsDeleted)
        {
            return ErrorCode.CoordinatorNotAvailable;
        }

        bool knowsConsumers = version >= FirstConsumerCommit;
        return group.Consumer is { } consumer
            ? consumer.Members.Find(request.MemberId) is { IsClassic: false } && !knowsConsumers ? ErrorCode.UnsupportedVersion
            : consumer.CheckCommit(request.MemberId, request.GenerationId, partitions)
            : CheckClassic(group, request) is var error && error == ErrorCode.IllegalGeneration && group.Generation == 0 && knowsConsumers ? ErrorCode.GroupIdNotFound
            : error;
    }

    /// <summary>Whether offsets may be committed by this member in this generation; that also is a sign of life.</summary>
    public static ErrorCode CheckClassic(Group group, OffsetCommitRequest request)
    {
        if (request.GenerationId < 0 && group.State == GroupState.Empty)
        {
            return ErrorCode.None; // A client that assigns its partitions itself and only keeps its offsets here.
        }

        if (group.State == GroupState.Empty && request.MemberId.Length > 0 && group.Members.IsEmpty)
        {
            return IsNew(group) ? ErrorCode.IllegalGeneration : ErrorCode.UnknownMemberId;
        }

        ErrorCode error = group.CheckMember(request.MemberId, request.GroupInstanceId, request.GenerationId, out GroupMember? member);
        if (error != ErrorCode.None)
        {
            return error;
        }

        member!.Alive(group.Now);
        return group.State == GroupState.CompletingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    /// <summary>
    /// Whether offsets may be committed in a transaction. The producer may say for which member and generation it does so; it
    /// answers for its own transaction otherwise.
    /// </summary>
    public static ErrorCode CheckInTransaction(Group group, TxnOffsetCommitRequest request, IReadOnlyList<TopicIdPartition> partitions)
    {
        if (request.GenerationId < 0 && request.MemberId.Length == 0 && request.GroupInstanceId is null)
        {
            return ErrorCode.None;
        }

        if (group.Consumer is { } consumer)
        {
            // The answer knows only the classic protocol's word for an epoch that is over.
            ErrorCode known = consumer.CheckCommit(request.MemberId, request.GenerationId, partitions);
            return known == ErrorCode.StaleMemberEpoch ? ErrorCode.IllegalGeneration : known;
        }

        ErrorCode error = group.CheckMember(request.MemberId, request.GroupInstanceId, request.GenerationId, out _);
        return error == ErrorCode.UnknownMemberId && group.Members.IsEmpty && IsNew(group) ? ErrorCode.IllegalGeneration : error;
    }

    /// <summary>Whether nobody has joined the group or kept offsets in it: to clients there is none.</summary>
    private static bool IsNew(Group group) => group.Generation == 0 && group.Offsets.IsEmpty;
}
