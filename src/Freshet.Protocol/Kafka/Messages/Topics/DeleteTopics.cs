namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Deletes topics, by name or from version 6 on by id (Kafka protocol, DeleteTopics).</summary>
public sealed record DeleteTopicsRequest(IReadOnlyList<DeletableTopic> Topics, int TimeoutMs) : IKafkaReadable<DeleteTopicsRequest>
{
    /// <inheritdoc/>
    public static DeleteTopicsRequest Read(ref KafkaReader reader)
    {
        DeletableTopic[] topics = reader.Version >= 6
            ? reader.ReadArray<DeletableTopic>()
            : [.. reader.ReadStringArray().Select(name => new DeletableTopic(name, Guid.Empty))];
        var request = new DeleteTopicsRequest(topics, reader.ReadInt32());
        reader.SkipTags();
        return request;
    }
}

/// <summary>A topic to delete: a name, or null and an id.</summary>
public readonly record struct DeletableTopic(string? Name, Guid TopicId) : IKafkaReadable<DeletableTopic>
{
    /// <inheritdoc/>
    public static DeletableTopic Read(ref KafkaReader reader)
    {
        var topic = new DeletableTopic(reader.ReadNullableString(), reader.ReadUuid());
        reader.SkipTags();
        return topic;
    }
}

/// <summary>What became of each topic.</summary>
public sealed record DeleteTopicsResponse(IReadOnlyList<DeletedTopic> Topics) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteArray(Topics);
        writer.WriteNoTags();
    }
}

/// <summary>A deleted topic, or why it is still there.</summary>
public sealed record DeletedTopic(string? Name, Guid TopicId, ErrorCode Error, string? ErrorMessage) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(writer.Version >= 6 ? Name : Name ?? "");
        if (writer.Version >= 6)
        {
            writer.WriteUuid(TopicId);
        }

        writer.WriteError(Error);
        if (writer.Version >= 5)
        {
            writer.WriteString(ErrorMessage);
        }

        writer.WriteNoTags();
    }
}
