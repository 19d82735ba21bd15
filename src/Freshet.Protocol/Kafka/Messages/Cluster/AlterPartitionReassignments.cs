namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Moves partitions to other brokers (Kafka protocol, AlterPartitionReassignments, versions 0 and 1).</summary>
/// <param name="AllowsOtherFactor">Whether a partition may get more or fewer replicas than it has.</param>
public sealed record AlterPartitionReassignmentsRequest(int TimeoutMs, bool AllowsOtherFactor, IReadOnlyList<ReassignedTopic> Topics)
    : IKafkaReadable<AlterPartitionReassignmentsRequest>
{
    /// <inheritdoc/>
    public static AlterPartitionReassignmentsRequest Read(ref KafkaReader reader)
    {
        var request = new AlterPartitionReassignmentsRequest(
            reader.ReadInt32(), reader.Version < AlterPartitionReassignmentsResponse.FirstWithFactor || reader.ReadBool(), reader.ReadArray<ReassignedTopic>());
        reader.SkipTags();
        return request;
    }
}

/// <summary>Partitions of one topic that move.</summary>
public sealed record ReassignedTopic(string Name, IReadOnlyList<ReassignedPartition> Partitions) : IKafkaReadable<ReassignedTopic>
{
    /// <inheritdoc/>
    public static ReassignedTopic Read(ref KafkaReader reader)
    {
        var topic = new ReassignedTopic(reader.ReadString(), reader.ReadArray<ReassignedPartition>());
        reader.SkipTags();
        return topic;
    }
}

/// <summary>Where one partition is to be.</summary>
/// <param name="Replicas">The brokers, the preferred leader first; null ends a move that is under way.</param>
public sealed record ReassignedPartition(int Index, IReadOnlyList<int>? Replicas) : IKafkaReadable<ReassignedPartition>
{
    /// <inheritdoc/>
    public static ReassignedPartition Read(ref KafkaReader reader)
    {
        var partition = new ReassignedPartition(reader.ReadInt32(), reader.ReadNullableInt32Array());
        reader.SkipTags();
        return partition;
    }
}

/// <summary>What became of each move.</summary>
/// <param name="AllowsOtherFactor">As in the request; told since version 1.</param>
public sealed record AlterPartitionReassignmentsResponse(ErrorCode Error, string? ErrorMessage, bool AllowsOtherFactor, IReadOnlyList<TopicResults> Topics)
    : IKafkaWritable
{
    internal const short FirstWithFactor = 1;

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        if (writer.Version >= FirstWithFactor)
        {
            writer.WriteBool(AllowsOtherFactor);
        }

        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        writer.WriteArray(Topics);
        writer.WriteNoTags();
    }
}
