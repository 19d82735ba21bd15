namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks which partitions are moving (Kafka protocol, ListPartitionReassignments, version 0).</summary>
/// <param name="Topics">The partitions; null means all.</param>
public sealed record ListPartitionReassignmentsRequest(int TimeoutMs, IReadOnlyList<TopicPartitions>? Topics) : IKafkaReadable<ListPartitionReassignmentsRequest>
{
    /// <inheritdoc/>
    public static ListPartitionReassignmentsRequest Read(ref KafkaReader reader)
    {
        var request = new ListPartitionReassignmentsRequest(reader.ReadInt32(), reader.ReadNullableArray<TopicPartitions>());
        reader.SkipTags();
        return request;
    }
}

/// <summary>The moves that are under way. There are none: no broker copies a partition of another.</summary>
public sealed record ListPartitionReassignmentsResponse(ErrorCode Error, string? ErrorMessage) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        writer.WriteLength(0);
        writer.WriteNoTags();
    }
}
