namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks for topics a page of partitions at a time (Kafka protocol, DescribeTopicPartitions, version 0).</summary>
/// <param name="Topics">Names asked for; empty means all.</param>
/// <param name="MaxPartitions">Most partitions in the answer.</param>
/// <param name="Cursor">Where to go on, or null for the start.</param>
public sealed record DescribeTopicPartitionsRequest(string[] Topics, int MaxPartitions, PartitionCursor? Cursor)
    : IKafkaReadable<DescribeTopicPartitionsRequest>
{
    /// <inheritdoc/>
    public static DescribeTopicPartitionsRequest Read(ref KafkaReader reader)
    {
        string[] topics = [.. reader.ReadArray<TopicName>().Select(topic => topic.Name)];
        int limit = reader.ReadInt32();
        PartitionCursor? cursor = reader.ReadInt8() < 0 ? null : PartitionCursor.Read(ref reader);
        reader.SkipTags();
        return new DescribeTopicPartitionsRequest(topics, limit, cursor);
    }

    private readonly record struct TopicName(string Name) : IKafkaReadable<TopicName>
    {
        public static TopicName Read(ref KafkaReader reader)
        {
            var topic = new TopicName(reader.ReadString());
            reader.SkipTags();
            return topic;
        }
    }
}

/// <summary>The first partition of the next page.</summary>
public sealed record PartitionCursor(string Topic, int Partition) : IKafkaReadable<PartitionCursor>, IKafkaWritable
{
    /// <inheritdoc/>
    public static PartitionCursor Read(ref KafkaReader reader)
    {
        var cursor = new PartitionCursor(reader.ReadString(), reader.ReadInt32());
        reader.SkipTags();
        return cursor;
    }

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(Topic);
        writer.WriteInt32(Partition);
        writer.WriteNoTags();
    }
}

/// <summary>One page of topics and their partitions.</summary>
/// <param name="Topics">The topics, the last maybe in part.</param>
/// <param name="Next">Where the next page begins, or null at the end.</param>
public sealed record DescribeTopicPartitionsResponse(IReadOnlyList<MetadataTopic> Topics, PartitionCursor? Next) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteLength(Topics.Count);
        foreach (MetadataTopic topic in Topics)
        {
            Write(ref writer, topic);
        }

        writer.WriteInt8((sbyte)(Next is null ? -1 : 1));
        Next?.Write(ref writer);
        writer.WriteNoTags();
    }

    private static void Write(ref KafkaWriter writer, MetadataTopic topic)
    {
        writer.WriteError(topic.Error);
        writer.WriteString(topic.Name);
        writer.WriteUuid(topic.TopicId);
        writer.WriteBool(topic.IsInternal);
        writer.WriteLength(topic.Partitions.Count);
        foreach (MetadataPartition partition in topic.Partitions)
        {
            Write(ref writer, partition);
        }

        writer.WriteInt32(topic.Operations);
        writer.WriteNoTags();
    }

    private static void Write(ref KafkaWriter writer, MetadataPartition partition)
    {
        bool isOnline = partition.LeaderId >= 0;
        writer.WriteError(partition.Error);
        writer.WriteInt32(partition.Index);
        writer.WriteInt32(partition.LeaderId);
        writer.WriteInt32(partition.LeaderEpoch);
        writer.WriteInt32Array(partition.Replicas);
        writer.WriteInt32Array(isOnline ? partition.Replicas : []);
        writer.WriteInt32Array([]); // Eligible leader replicas: none but those in sync. Null would be allowed, but Java's admin client fails on it.
        writer.WriteInt32Array([]); // Last known ones.
        writer.WriteInt32Array(isOnline ? [] : partition.Replicas);
        writer.WriteNoTags();
    }
}
