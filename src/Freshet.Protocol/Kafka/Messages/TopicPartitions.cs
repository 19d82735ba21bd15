namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Partitions of one topic.</summary>
public sealed record TopicPartitions(string Name, IReadOnlyList<int> Partitions) : IKafkaReadable<TopicPartitions>, IKafkaWritable
{
    /// <inheritdoc/>
    public static TopicPartitions Read(ref KafkaReader reader)
    {
        var topic = new TopicPartitions(reader.ReadString(), reader.ReadInt32Array());
        reader.SkipTags();
        return topic;
    }

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(Name);
        writer.WriteInt32Array(Partitions);
        writer.WriteNoTags();
    }
}

/// <summary>What became of the partitions of one topic.</summary>
public sealed record TopicErrors(string Name, IReadOnlyList<PartitionError> Partitions) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(Name);
        writer.WriteArray(Partitions);
        writer.WriteNoTags();
    }
}

/// <summary>What became of one partition.</summary>
public readonly record struct PartitionError(int Index, ErrorCode Error) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteInt32(Index);
        writer.WriteError(Error);
        writer.WriteNoTags();
    }
}
