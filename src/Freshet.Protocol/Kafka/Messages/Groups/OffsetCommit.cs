namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Stores how far a group has read (Kafka protocol, OffsetCommit).</summary>
public sealed record OffsetCommitRequest(
    string GroupId, int GenerationId, string MemberId, string? GroupInstanceId, IReadOnlyList<OffsetCommitTopic> Topics) : IKafkaReadable<OffsetCommitRequest>
{
    /// <inheritdoc/>
    public static OffsetCommitRequest Read(ref KafkaReader reader)
    {
        string group = reader.ReadString();
        int generation = reader.ReadInt32();
        string member = reader.ReadString();
        string? instance = reader.Version >= 7 ? reader.ReadNullableString() : null;
        if (reader.Version <= 4)
        {
            reader.ReadInt64(); // Retention time: the broker's own holds.
        }

        OffsetCommitTopic[] topics = reader.ReadArray<OffsetCommitTopic>();
        reader.SkipTags();
        return new OffsetCommitRequest(group, generation, member, instance, topics);
    }
}

/// <summary>Offsets of one topic, which is named by its id since version 10.</summary>
/// <param name="Name">The topic's name; empty since version 10.</param>
public sealed record OffsetCommitTopic(string Name, IReadOnlyList<OffsetCommitPartition> Partitions) : IKafkaReadable<OffsetCommitTopic>
{
    /// <summary>The topic's id, since version 10.</summary>
    public Guid TopicId { get; init; }

    /// <inheritdoc/>
    public static OffsetCommitTopic Read(ref KafkaReader reader)
    {
        bool byId = reader.Version >= 10;
        Guid id = byId ? reader.ReadUuid() : default;
        var topic = new OffsetCommitTopic(byId ? "" : reader.ReadString(), reader.ReadArray<OffsetCommitPartition>()) { TopicId = id };
        reader.SkipTags();
        return topic;
    }
}

/// <summary>Next offset to read of one partition, and what the client notes about it.</summary>
public sealed record OffsetCommitPartition(int Index, long Offset, int LeaderEpoch, string? Metadata) : IKafkaReadable<OffsetCommitPartition>
{
    /// <inheritdoc/>
    public static OffsetCommitPartition Read(ref KafkaReader reader)
    {
        var partition = new OffsetCommitPartition(
            reader.ReadInt32(), reader.ReadInt64(), reader.Version >= 6 ? reader.ReadInt32() : -1, reader.ReadNullableString());
        reader.SkipTags();
        return partition;
    }
}

/// <summary>What became of each offset.</summary>
public sealed record OffsetCommitResponse(IReadOnlyList<OffsetCommitTopicResult> Topics) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        if (writer.Version >= 3)
        {
            writer.WriteThrottle();
        }

        writer.WriteArray(Topics);
        writer.WriteNoTags();
    }
}

/// <summary>What became of the offsets of one topic.</summary>
public sealed record OffsetCommitTopicResult(string Name, IReadOnlyList<OffsetCommitPartitionResult> Partitions) : IKafkaWritable
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

/// <summary>What became of one offset.</summary>
public readonly record struct OffsetCommitPartitionResult(int Index, ErrorCode Error) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteInt32(Index);
        writer.WriteError(Error);
        writer.WriteNoTags();
    }
}
