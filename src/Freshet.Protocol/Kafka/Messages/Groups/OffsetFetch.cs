namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks how far groups have read: one group before version 8, several since (Kafka protocol, OffsetFetch).</summary>
/// <param name="Groups">What is asked.</param>
/// <param name="RequireStable">Whether offsets that an open transaction is to change are refused.</param>
public sealed record OffsetFetchRequest(IReadOnlyList<OffsetFetchGroup> Groups, bool RequireStable) : IKafkaReadable<OffsetFetchRequest>
{
    /// <inheritdoc/>
    public static OffsetFetchRequest Read(ref KafkaReader reader)
    {
        OffsetFetchGroup[] groups = reader.Version >= 8
            ? reader.ReadArray<OffsetFetchGroup>()
            : [new OffsetFetchGroup(reader.ReadString(), null, -1, reader.ReadNullableArray<OffsetFetchTopic>())];
        bool requireStable = reader.Version >= 7 && reader.ReadBool();
        reader.SkipTags();
        return new OffsetFetchRequest(groups, requireStable);
    }
}

/// <summary>One group and the partitions asked for; null topics mean all.</summary>
public sealed record OffsetFetchGroup(string GroupId, string? MemberId, int MemberEpoch, IReadOnlyList<OffsetFetchTopic>? Topics)
    : IKafkaReadable<OffsetFetchGroup>
{
    /// <inheritdoc/>
    public static OffsetFetchGroup Read(ref KafkaReader reader)
    {
        string group = reader.ReadString();
        bool hasMember = reader.Version >= 9;
        var asked = new OffsetFetchGroup(
            group, hasMember ? reader.ReadNullableString() : null, hasMember ? reader.ReadInt32() : -1, reader.ReadNullableArray<OffsetFetchTopic>());
        reader.SkipTags();
        return asked;
    }
}

/// <summary>Partitions of one topic, which is named by its id since version 10.</summary>
/// <param name="Name">The topic's name; empty since version 10.</param>
public sealed record OffsetFetchTopic(string Name, IReadOnlyList<int> Partitions) : IKafkaReadable<OffsetFetchTopic>
{
    /// <summary>The topic's id, since version 10.</summary>
    public Guid TopicId { get; init; }

    /// <inheritdoc/>
    public static OffsetFetchTopic Read(ref KafkaReader reader)
    {
        bool byId = reader.Version >= 10;
        Guid id = byId ? reader.ReadUuid() : default;
        var topic = new OffsetFetchTopic(byId ? "" : reader.ReadString(), reader.ReadInt32Array()) { TopicId = id };
        reader.SkipTags();
        return topic;
    }
}

/// <summary>Offsets of each group; exactly one before version 8.</summary>
public sealed record OffsetFetchResponse(IReadOnlyList<OffsetFetchGroupResult> Groups) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        if (writer.Version >= 3)
        {
            writer.WriteThrottle();
        }

        if (writer.Version >= 8)
        {
            writer.WriteArray(Groups);
        }
        else
        {
            writer.WriteArray(Groups[0].Topics);
            if (writer.Version >= 2)
            {
                writer.WriteError(Groups[0].Error);
            }
        }

        writer.WriteNoTags();
    }
}

/// <summary>Offsets of one group.</summary>
public sealed record OffsetFetchGroupResult(string GroupId, ErrorCode Error, IReadOnlyList<OffsetFetchTopicResult> Topics) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(GroupId);
        writer.WriteArray(Topics);
        writer.WriteError(Error);
        writer.WriteNoTags();
    }
}

/// <summary>Offsets of one topic.</summary>
public sealed record OffsetFetchTopicResult(string Name, IReadOnlyList<OffsetFetchPartitionResult> Partitions) : IKafkaWritable
{
    /// <summary>The topic's id, since version 10.</summary>
    public Guid TopicId { get; init; }

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        if (writer.Version >= 10)
        {
            writer.WriteUuid(TopicId);
        }
        else
        {
            writer.WriteString(Name);
        }

        writer.WriteArray(Partitions);
        writer.WriteNoTags();
    }
}

/// <summary>Next offset to read of one partition; -1 when none was committed.</summary>
public readonly record struct OffsetFetchPartitionResult(int Index, long Offset, int LeaderEpoch, string? Metadata, ErrorCode Error) : IKafkaWritable
{
    /// <summary>A partition without a committed offset.</summary>
    public static OffsetFetchPartitionResult None(int index, ErrorCode error = ErrorCode.None) => new(index, -1, -1, "", error);

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteInt32(Index);
        writer.WriteInt64(Offset);
        if (writer.Version >= 5)
        {
            writer.WriteInt32(LeaderEpoch);
        }

        writer.WriteString(Metadata);
        writer.WriteError(Error);
        writer.WriteNoTags();
    }
}
