namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Adds partitions to a transaction before its records come (Kafka protocol, AddPartitionsToTxn, versions 0 to 3).</summary>
public sealed record AddPartitionsToTxnRequest(string TransactionalId, long ProducerId, short ProducerEpoch, IReadOnlyList<TxnTopic> Topics)
    : IKafkaReadable<AddPartitionsToTxnRequest>
{
    /// <inheritdoc/>
    public static AddPartitionsToTxnRequest Read(ref KafkaReader reader)
    {
        var request = new AddPartitionsToTxnRequest(reader.ReadString(), reader.ReadInt64(), reader.ReadInt16(), reader.ReadArray<TxnTopic>());
        reader.SkipTags();
        return request;
    }
}

/// <summary>Partitions of one topic in a transaction.</summary>
public sealed record TxnTopic(string Name, IReadOnlyList<int> Partitions) : IKafkaReadable<TxnTopic>, IKafkaWritable
{
    /// <inheritdoc/>
    public static TxnTopic Read(ref KafkaReader reader)
    {
        var topic = new TxnTopic(reader.ReadString(), reader.ReadInt32Array());
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

/// <summary>What became of each partition.</summary>
public sealed record AddPartitionsToTxnResponse(IReadOnlyList<TxnTopicResult> Topics) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteArray(Topics);
        writer.WriteNoTags();
    }
}

/// <summary>What became of the partitions of one topic.</summary>
public sealed record TxnTopicResult(string Name, IReadOnlyList<TxnPartitionResult> Partitions) : IKafkaWritable
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
public readonly record struct TxnPartitionResult(int Index, ErrorCode Error) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteInt32(Index);
        writer.WriteError(Error);
        writer.WriteNoTags();
    }
}
