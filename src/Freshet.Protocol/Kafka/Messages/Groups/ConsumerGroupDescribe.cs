namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks for the members of groups of the consumer protocol (Kafka protocol, ConsumerGroupDescribe; KIP-848).</summary>
/// <param name="IncludesOperations">Whether to tell what the client may do with each.</param>
public sealed record ConsumerGroupDescribeRequest(IReadOnlyList<string> Groups, bool IncludesOperations) : IKafkaReadable<ConsumerGroupDescribeRequest>
{
    /// <inheritdoc/>
    public static ConsumerGroupDescribeRequest Read(ref KafkaReader reader)
    {
        var request = new ConsumerGroupDescribeRequest(reader.ReadStringArray(), reader.ReadBool());
        reader.SkipTags();
        return request;
    }
}

/// <summary>The groups and their members.</summary>
public sealed record ConsumerGroupDescribeResponse(IReadOnlyList<DescribedConsumerGroup> Groups) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteArray(Groups);
        writer.WriteNoTags();
    }
}

/// <summary>One group and its members.</summary>
/// <param name="AssignmentEpoch">Epoch of the group for which the partitions were last dealt out.</param>
public sealed record DescribedConsumerGroup(
    ErrorCode Error, string? ErrorMessage, string GroupId, string State, int Epoch, int AssignmentEpoch, string Assignor, IReadOnlyList<DescribedConsumer> Members)
    : IKafkaWritable
{
    /// <summary>What the client may do with the group, a bit for each operation.</summary>
    public int Operations { get; init; } = MetadataResponse.NoOperations;

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        writer.WriteString(GroupId);
        writer.WriteString(State);
        writer.WriteInt32(Epoch);
        writer.WriteInt32(AssignmentEpoch);
        writer.WriteString(Assignor);
        writer.WriteArray(Members);
        writer.WriteInt32(Operations);
        writer.WriteNoTags();
    }
}

/// <summary>One member.</summary>
/// <param name="Assignment">What it owns.</param>
/// <param name="Target">What it is to own.</param>
public sealed record DescribedConsumer(
    string MemberId, string? InstanceId, string? RackId, int Epoch, string ClientId, string ClientHost, IReadOnlyList<string> TopicNames, string? TopicRegex,
    IReadOnlyList<DescribedAssignment> Assignment, IReadOnlyList<DescribedAssignment> Target) : IKafkaWritable
{
    private const sbyte ClassicProtocolMember = 0;
    private const sbyte ConsumerProtocolMember = 1;

    /// <summary>Whether the member speaks the classic protocol.</summary>
    public bool IsClassic { get; init; }

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(MemberId);
        writer.WriteString(InstanceId);
        writer.WriteString(RackId);
        writer.WriteInt32(Epoch);
        writer.WriteString(ClientId);
        writer.WriteString(ClientHost);
        writer.WriteStringArray(TopicNames);
        writer.WriteString(TopicRegex);
        WriteAssignment(ref writer, Assignment);
        WriteAssignment(ref writer, Target);
        if (writer.Version >= 1)
        {
            writer.WriteInt8(IsClassic ? ClassicProtocolMember : ConsumerProtocolMember);
        }

        writer.WriteNoTags();
    }

    private static void WriteAssignment(ref KafkaWriter writer, IReadOnlyList<DescribedAssignment> assignment)
    {
        writer.WriteArray(assignment);
        writer.WriteNoTags();
    }
}

/// <summary>Partitions of one topic that a member has.</summary>
public sealed record DescribedAssignment(Guid TopicId, string TopicName, IReadOnlyList<int> Partitions) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteUuid(TopicId);
        writer.WriteString(TopicName);
        writer.WriteInt32Array(Partitions);
        writer.WriteNoTags();
    }
}
