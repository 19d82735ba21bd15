namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Deletes committed offsets of a group (Kafka protocol, OffsetDelete).</summary>
public sealed record OffsetDeleteRequest(string GroupId, IReadOnlyList<OffsetDeleteTopic> Topics) : IKafkaReadable<OffsetDeleteRequest>
{
    /// <inheritdoc/>
    public static OffsetDeleteRequest Read(ref KafkaReader reader) => new(reader.ReadString(), reader.ReadArray<OffsetDeleteTopic>());
}

/// <summary>Partitions of one topic.</summary>
public sealed record OffsetDeleteTopic(string Name, IReadOnlyList<int> Partitions) : IKafkaReadable<OffsetDeleteTopic>
{
    /// <inheritdoc/>
    public static OffsetDeleteTopic Read(ref KafkaReader reader) => new(reader.ReadString(), reader.ReadInt32Array());
}

/// <summary>What became of each offset, or an error of the whole group.</summary>
public sealed record OffsetDeleteResponse(ErrorCode Error, IReadOnlyList<OffsetDeleteTopicResult> Topics) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteError(Error);
        writer.WriteThrottle();
        writer.WriteArray(Topics);
    }
}

/// <summary>What became of the offsets of one topic.</summary>
public sealed record OffsetDeleteTopicResult(string Name, IReadOnlyList<OffsetDeletePartitionResult> Partitions) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(Name);
        writer.WriteArray(Partitions);
    }
}

/// <summary>What became of one offset.</summary>
public readonly record struct OffsetDeletePartitionResult(int Index, ErrorCode Error) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteInt32(Index);
        writer.WriteError(Error);
    }
}
