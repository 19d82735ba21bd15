namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Joins a group of the consumer protocol, stays in it or leaves it (Kafka protocol, ConsumerGroupHeartbeat; KIP-848).</summary>
/// <param name="MemberId">The member's id; empty for a new member before version 1, where the server makes it.</param>
/// <param name="MemberEpoch">0 joins, above is the epoch the member is at, <see cref="Leave"/> and <see cref="LeaveForNow"/> leave.</param>
/// <param name="InstanceId">Name of a static member; null for another.</param>
/// <param name="RackId">Where the member runs; null when unchanged or unknown.</param>
/// <param name="RebalanceTimeoutMs">Time the member may take to give partitions up; -1 when unchanged.</param>
/// <param name="SubscribedTopicNames">Topics; null when unchanged.</param>
/// <param name="SubscribedTopicRegex">Pattern of further topics, in RE2's syntax; null when unchanged, empty for none.</param>
/// <param name="ServerAssignor">Assignor wished for; null when unchanged or without a wish.</param>
/// <param name="TopicPartitions">Partitions the member owns; null when unchanged.</param>
public sealed record ConsumerGroupHeartbeatRequest(
    string GroupId, string MemberId, int MemberEpoch, string? InstanceId, string? RackId, int RebalanceTimeoutMs, IReadOnlyList<string>? SubscribedTopicNames,
    string? SubscribedTopicRegex, string? ServerAssignor, IReadOnlyList<TopicIdPartitions>? TopicPartitions) : IKafkaReadable<ConsumerGroupHeartbeatRequest>
{
    /// <summary>Epoch by which a member leaves for good.</summary>
    public const int Leave = -1;

    /// <summary>Epoch by which a static member says that it will be back.</summary>
    public const int LeaveForNow = -2;

    /// <summary>Whether the member wants to become a member, or to be one anew.</summary>
    public bool IsJoin => MemberEpoch == 0;

    /// <summary>Whether it says everything again, as it does when it does not know whether it was heard.</summary>
    public bool IsFull => RebalanceTimeoutMs != -1 && (SubscribedTopicNames is not null || SubscribedTopicRegex is not null) && TopicPartitions is not null;

    /// <inheritdoc/>
    public static ConsumerGroupHeartbeatRequest Read(ref KafkaReader reader)
    {
        string group = reader.ReadString();
        string member = reader.ReadString();
        int epoch = reader.ReadInt32();
        string? instance = reader.ReadNullableString();
        string? rack = reader.ReadNullableString();
        int rebalanceTimeout = reader.ReadInt32();
        string[]? names = reader.ReadNullableStringArray();
        string? regex = reader.Version >= 1 ? reader.ReadNullableString() : null;
        string? assignor = reader.ReadNullableString();
        TopicIdPartitions[]? owned = reader.ReadNullableArray<TopicIdPartitions>();
        reader.SkipTags();
        return new ConsumerGroupHeartbeatRequest(group, member, epoch, instance, rack, rebalanceTimeout, names, regex, assignor, owned);
    }
}

/// <summary>Where a member stands.</summary>
/// <param name="Assignment">Partitions to own from now on; null when they are the same as before.</param>
public sealed record ConsumerGroupHeartbeatResponse(
    ErrorCode Error, string? ErrorMessage, string? MemberId, int MemberEpoch, int HeartbeatIntervalMs, IReadOnlyList<TopicIdPartitions>? Assignment) : IKafkaWritable
{
    /// <summary>An answer that only says what is wrong.</summary>
    public static ConsumerGroupHeartbeatResponse Refused(ErrorCode error, string message) => new(error, message, null, 0, 0, null);

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        writer.WriteString(MemberId);
        writer.WriteInt32(MemberEpoch);
        writer.WriteInt32(HeartbeatIntervalMs);
        writer.WriteInt8(Assignment is null ? (sbyte)-1 : (sbyte)1);
        if (Assignment is not null)
        {
            writer.WriteArray(Assignment);
            writer.WriteNoTags();
        }

        writer.WriteNoTags();
    }
}
