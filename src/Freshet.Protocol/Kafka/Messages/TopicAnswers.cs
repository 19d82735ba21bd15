namespace Freshet.Protocol.Kafka.Messages;

/// <summary>What became of the partitions of one topic, in words too.</summary>
public sealed record TopicResults(string Name, IReadOnlyList<PartitionResult> Partitions) : IKafkaWritable
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
public readonly record struct PartitionResult(int Index, ErrorCode Error, string? ErrorMessage) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteInt32(Index);
        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        writer.WriteNoTags();
    }
}
