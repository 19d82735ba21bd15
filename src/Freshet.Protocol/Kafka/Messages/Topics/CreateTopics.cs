namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Creates topics (Kafka protocol, CreateTopics).</summary>
public sealed record CreateTopicsRequest(IReadOnlyList<CreatableTopic> Topics, int TimeoutMs, bool ValidateOnly) : IKafkaReadable<CreateTopicsRequest>
{
    /// <inheritdoc/>
    public static CreateTopicsRequest Read(ref KafkaReader reader)
    {
        var request = new CreateTopicsRequest(reader.ReadArray<CreatableTopic>(), reader.ReadInt32(), reader.ReadBool());
        reader.SkipTags();
        return request;
    }
}

/// <summary>A topic to create; counts of -1 mean the broker's default.</summary>
public sealed record CreatableTopic(
    string Name, int Partitions, short ReplicationFactor, IReadOnlyList<ReplicaAssignment> Assignments, IReadOnlyList<TopicSetting> Settings)
    : IKafkaReadable<CreatableTopic>
{
    /// <inheritdoc/>
    public static CreatableTopic Read(ref KafkaReader reader)
    {
        var topic = new CreatableTopic(
            reader.ReadString(), reader.ReadInt32(), reader.ReadInt16(), reader.ReadArray<ReplicaAssignment>(), reader.ReadArray<TopicSetting>());
        reader.SkipTags();
        return topic;
    }
}

/// <summary>Brokers that a partition is to live on.</summary>
public sealed record ReplicaAssignment(int Partition, IReadOnlyList<int> BrokerIds) : IKafkaReadable<ReplicaAssignment>
{
    /// <inheritdoc/>
    public static ReplicaAssignment Read(ref KafkaReader reader)
    {
        var assignment = new ReplicaAssignment(reader.ReadInt32(), reader.ReadInt32Array());
        reader.SkipTags();
        return assignment;
    }
}

/// <summary>A setting of a topic; null means its default.</summary>
public sealed record TopicSetting(string Name, string? Value) : IKafkaReadable<TopicSetting>
{
    /// <inheritdoc/>
    public static TopicSetting Read(ref KafkaReader reader)
    {
        var setting = new TopicSetting(reader.ReadString(), reader.ReadNullableString());
        reader.SkipTags();
        return setting;
    }
}

/// <summary>What became of each topic.</summary>
public sealed record CreateTopicsResponse(IReadOnlyList<CreatedTopic> Topics) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteArray(Topics);
        writer.WriteNoTags();
    }
}

/// <summary>A created topic, or why it was not created.</summary>
public sealed record CreatedTopic(
    string Name, Guid TopicId, ErrorCode Error, string? ErrorMessage, int Partitions, short ReplicationFactor, IReadOnlyList<CreatedTopicSetting>? Settings)
    : IKafkaWritable
{
    /// <summary>Why nothing is told of partitions, replicas and settings; a tagged field.</summary>
    public ErrorCode SettingsError { get; init; }

    /// <summary>The same for a client that may not see settings.</summary>
    public CreatedTopic WithoutSettings() => this with { Partitions = -1, ReplicationFactor = -1, Settings = null, SettingsError = ErrorCode.TopicAuthorizationFailed };

    /// <summary>A topic that was not created.</summary>
    public static CreatedTopic Refused(string name, ErrorCode error, string message) => new(name, Guid.Empty, error, message, -1, -1, []);

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(Name);
        if (writer.Version >= 7)
        {
            writer.WriteUuid(TopicId);
        }

        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        if (writer.Version >= 5)
        {
            writer.WriteInt32(Partitions);
            writer.WriteInt16(ReplicationFactor);
            writer.WriteArray(Settings);
        }

        if (SettingsError != ErrorCode.None && writer.IsFlexible)
        {
            writer.WriteUnsignedVarint(1);
            writer.WriteUnsignedVarint(0); // Its tag.
            writer.WriteUnsignedVarint(sizeof(short));
            writer.WriteError(SettingsError);
            return;
        }

        writer.WriteNoTags();
    }
}

/// <summary>A setting of a created topic and where it comes from.</summary>
public sealed record CreatedTopicSetting(string Name, string? Value, ConfigSource Source) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(Name);
        writer.WriteString(Value);
        writer.WriteBool(false); // Read-only.
        writer.WriteInt8((sbyte)Source);
        writer.WriteBool(false); // Sensitive.
        writer.WriteNoTags();
    }
}
