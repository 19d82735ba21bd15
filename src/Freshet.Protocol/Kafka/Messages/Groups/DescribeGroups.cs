namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks for the members of groups (Kafka protocol, DescribeGroups).</summary>
/// <param name="IncludesOperations">Whether to tell what the client may do with each group.</param>
public sealed record DescribeGroupsRequest(IReadOnlyList<string> Groups, bool IncludesOperations) : IKafkaReadable<DescribeGroupsRequest>
{
    /// <inheritdoc/>
    public static DescribeGroupsRequest Read(ref KafkaReader reader)
    {
        string[] groups = reader.ReadStringArray();
        bool operations = reader.Version >= 3 && reader.ReadBool();
        reader.SkipTags();
        return new DescribeGroupsRequest(groups, operations);
    }
}

/// <summary>The groups and their members.</summary>
public sealed record DescribeGroupsResponse(IReadOnlyList<DescribedGroup> Groups) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        if (writer.Version >= 1)
        {
            writer.WriteThrottle();
        }

        writer.WriteArray(Groups);
        writer.WriteNoTags();
    }
}

/// <summary>One group and its members.</summary>
/// <param name="Operations">What the client may do with it, a bit for each <see cref="AclOperation"/>.</param>
public sealed record DescribedGroup(
    ErrorCode Error, string? ErrorMessage, string GroupId, string State, string ProtocolType, string Protocol, IReadOnlyList<DescribedMember> Members,
    int Operations = MetadataResponse.NoOperations)
    : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteError(Error);
        if (writer.Version >= 6)
        {
            writer.WriteString(ErrorMessage);
        }

        writer.WriteString(GroupId);
        writer.WriteString(State);
        writer.WriteString(ProtocolType);
        writer.WriteString(Protocol);
        writer.WriteArray(Members);
        if (writer.Version >= 3)
        {
            writer.WriteInt32(Operations);
        }

        writer.WriteNoTags();
    }
}

/// <summary>One member, with what it knows and what it was given.</summary>
public sealed record DescribedMember(
    string MemberId, string? GroupInstanceId, string ClientId, string ClientHost, byte[] Metadata, byte[] Assignment) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(MemberId);
        if (writer.Version >= 4)
        {
            writer.WriteString(GroupInstanceId);
        }

        writer.WriteString(ClientId);
        writer.WriteString(ClientHost);
        writer.WriteBytes(Metadata);
        writer.WriteBytes(Assignment);
        writer.WriteNoTags();
    }
}
