namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Deletes groups without members (Kafka protocol, DeleteGroups).</summary>
public sealed record DeleteGroupsRequest(IReadOnlyList<string> Groups) : IKafkaReadable<DeleteGroupsRequest>
{
    /// <inheritdoc/>
    public static DeleteGroupsRequest Read(ref KafkaReader reader)
    {
        var request = new DeleteGroupsRequest(reader.ReadStringArray());
        reader.SkipTags();
        return request;
    }
}

/// <summary>What became of each group.</summary>
public sealed record DeleteGroupsResponse(IReadOnlyList<DeletedGroup> Groups) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteArray(Groups);
        writer.WriteNoTags();
    }
}

/// <summary>What became of one group.</summary>
/// <param name="ErrorMessage">What is wrong, in words; told since version 3.</param>
public sealed record DeletedGroup(string GroupId, ErrorCode Error, string? ErrorMessage = null) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(GroupId);
        writer.WriteError(Error);
        if (writer.Version >= 3)
        {
            writer.WriteString(ErrorMessage);
        }

        writer.WriteNoTags();
    }
}
