namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks which groups there are (Kafka protocol, ListGroups).</summary>
/// <param name="States">States wanted; empty means all.</param>
/// <param name="Types">Types wanted; empty means all.</param>
public sealed record ListGroupsRequest(IReadOnlyList<string> States, IReadOnlyList<string> Types) : IKafkaReadable<ListGroupsRequest>
{
    /// <inheritdoc/>
    public static ListGroupsRequest Read(ref KafkaReader reader)
    {
        string[] states = reader.Version >= 4 ? reader.ReadStringArray() : [];
        string[] types = reader.Version >= 5 ? reader.ReadStringArray() : [];
        reader.SkipTags();
        return new ListGroupsRequest(states, types);
    }
}

/// <summary>The groups.</summary>
public sealed record ListGroupsResponse(ErrorCode Error, IReadOnlyList<ListedGroup> Groups) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        if (writer.Version >= 1)
        {
            writer.WriteThrottle();
        }

        writer.WriteError(Error);
        writer.WriteArray(Groups);
        writer.WriteNoTags();
    }
}

/// <summary>One group.</summary>
public sealed record ListedGroup(string GroupId, string ProtocolType, string State, string Type) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(GroupId);
        writer.WriteString(ProtocolType);
        if (writer.Version >= 4)
        {
            writer.WriteString(State);
        }

        if (writer.Version >= 5)
        {
            writer.WriteString(Type);
        }

        writer.WriteNoTags();
    }
}
