namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Gives topics more partitions (Kafka protocol, CreatePartitions).</summary>
public sealed record CreatePartitionsRequest(IReadOnlyList<CreatePartitionsTopic> Topics, int TimeoutMs, bool ValidateOnly) : IKafkaReadable<CreatePartitionsRequest>
{
    /// <inheritdoc/>
    public static CreatePartitionsRequest Read(ref KafkaReader reader)
    {
        var request = new CreatePartitionsRequest(reader.ReadArray<CreatePartitionsTopic>(), reader.ReadInt32(), reader.ReadBool());
        reader.SkipTags();
        return request;
    }
}

/// <summary>A topic and the number of partitions it is to have.</summary>
public sealed record CreatePartitionsTopic(string Name, int Count, IReadOnlyList<NewPartitionReplicas>? Assignments) : IKafkaReadable<CreatePartitionsTopic>
{
    /// <inheritdoc/>
    public static CreatePartitionsTopic Read(ref KafkaReader reader)
    {
        var topic = new CreatePartitionsTopic(reader.ReadString(), reader.ReadInt32(), reader.ReadNullableArray<NewPartitionReplicas>());
        reader.SkipTags();
        return topic;
    }
}

/// <summary>Brokers that a new partition is to live on.</summary>
public sealed record NewPartitionReplicas(IReadOnlyList<int> BrokerIds) : IKafkaReadable<NewPartitionReplicas>
{
    /// <inheritdoc/>
    public static NewPartitionReplicas Read(ref KafkaReader reader)
    {
        var replicas = new NewPartitionReplicas(reader.ReadInt32Array());
        reader.SkipTags();
        return replicas;
    }
}

/// <summary>What became of each topic.</summary>
public sealed record CreatePartitionsResponse(IReadOnlyList<CreatePartitionsTopicResult> Topics) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteArray(Topics);
        writer.WriteNoTags();
    }
}

/// <summary>A topic that grew, or why it did not.</summary>
public sealed record CreatePartitionsTopicResult(string Name, ErrorCode Error, string? ErrorMessage) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(Name);
        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        writer.WriteNoTags();
    }
}
