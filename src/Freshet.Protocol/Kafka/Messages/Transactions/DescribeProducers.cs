namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks for the producers that partitions know (Kafka protocol, DescribeProducers).</summary>
public sealed record DescribeProducersRequest(IReadOnlyList<TopicPartitions> Topics) : IKafkaReadable<DescribeProducersRequest>
{
    /// <inheritdoc/>
    public static DescribeProducersRequest Read(ref KafkaReader reader)
    {
        var request = new DescribeProducersRequest(reader.ReadArray<TopicPartitions>());
        reader.SkipTags();
        return request;
    }
}

/// <summary>Producers by topic and partition.</summary>
public sealed record DescribeProducersResponse(IReadOnlyList<DescribedProducersTopic> Topics) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteArray(Topics);
        writer.WriteNoTags();
    }
}

/// <summary>Producers of one topic.</summary>
public sealed record DescribedProducersTopic(string Name, IReadOnlyList<DescribedProducersPartition> Partitions) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(Name);
        writer.WriteArray(Partitions);
        writer.WriteNoTags();
    }
}

/// <summary>Producers of one partition.</summary>
public sealed record DescribedProducersPartition(int Index, ErrorCode Error, string? ErrorMessage, IReadOnlyList<DescribedProducer> Producers) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteInt32(Index);
        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        writer.WriteArray(Producers);
        writer.WriteNoTags();
    }
}

/// <summary>What a partition knows of a producer.</summary>
/// <param name="LastSequence">Sequence number of its newest record, or -1.</param>
/// <param name="LastTimestamp">When that came, milliseconds since 1970, or -1.</param>
/// <param name="CoordinatorEpoch">Epoch of the coordinator that ended its last transaction, or -1.</param>
/// <param name="TransactionStartOffset">First offset of its open transaction, or -1.</param>
public readonly record struct DescribedProducer(
    long ProducerId, int ProducerEpoch, int LastSequence, long LastTimestamp, int CoordinatorEpoch, long TransactionStartOffset) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteInt64(ProducerId);
        writer.WriteInt32(ProducerEpoch);
        writer.WriteInt32(LastSequence);
        writer.WriteInt64(LastTimestamp);
        writer.WriteInt32(CoordinatorEpoch);
        writer.WriteInt64(TransactionStartOffset);
        writer.WriteNoTags();
    }
}
