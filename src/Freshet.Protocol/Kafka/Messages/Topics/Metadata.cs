namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks for brokers and topics (Kafka protocol, Metadata).</summary>
/// <param name="Topics">Topics asked for; null means all.</param>
/// <param name="AllowAutoTopicCreation">Whether missing topics may be created.</param>
/// <param name="IncludesClusterOperations">Whether to tell what the client may do with the cluster.</param>
/// <param name="IncludesTopicOperations">Whether to tell what the client may do with each topic.</param>
public sealed record MetadataRequest(
    IReadOnlyList<MetadataRequestTopic>? Topics, bool AllowAutoTopicCreation, bool IncludesClusterOperations, bool IncludesTopicOperations) : IKafkaReadable<MetadataRequest>
{
    /// <inheritdoc/>
    public static MetadataRequest Read(ref KafkaReader reader)
    {
        MetadataRequestTopic[]? topics = reader.ReadNullableArray<MetadataRequestTopic>();
        if (reader.Version == 0 && topics is [])
        {
            topics = null; // The first version had no null and asked for all with an empty list.
        }

        bool create = reader.Version < 4 || reader.ReadBool();
        bool cluster = reader.Version is >= 8 and <= 10 && reader.ReadBool();
        bool perTopic = reader.Version >= 8 && reader.ReadBool();
        reader.SkipTags();
        return new MetadataRequest(topics, create, cluster, perTopic);
    }
}

/// <summary>A topic asked for, by name or by id.</summary>
public sealed record MetadataRequestTopic(Guid TopicId, string? Name) : IKafkaReadable<MetadataRequestTopic>
{
    /// <inheritdoc/>
    public static MetadataRequestTopic Read(ref KafkaReader reader)
    {
        bool withId = reader.Version >= 10;
        Guid id = withId ? reader.ReadUuid() : Guid.Empty;
        string? name = withId ? reader.ReadNullableString() : reader.ReadString();
        reader.SkipTags();
        return new MetadataRequestTopic(id, name);
    }
}

/// <summary>Brokers and topics.</summary>
/// <param name="Operations">What the client may do with the cluster, a bit for each <see cref="AclOperation"/>.</param>
public sealed record MetadataResponse(
    IReadOnlyList<BrokerEndpoint> Brokers, string? ClusterId, int ControllerId, IReadOnlyList<MetadataTopic> Topics, int Operations = MetadataResponse.NoOperations)
    : IKafkaWritable
{
    /// <summary>Value of operations that were not asked for.</summary>
    public const int NoOperations = int.MinValue;

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        if (writer.Version >= 3)
        {
            writer.WriteThrottle();
        }

        writer.WriteArray(Brokers);
        if (writer.Version >= 2)
        {
            writer.WriteString(ClusterId);
        }

        if (writer.Version >= 1)
        {
            writer.WriteInt32(ControllerId);
        }

        writer.WriteArray(Topics);
        if (writer.Version is >= 8 and <= 10)
        {
            writer.WriteInt32(Operations);
        }

        if (writer.Version >= 13)
        {
            writer.WriteError(ErrorCode.None);
        }

        writer.WriteNoTags();
    }
}

/// <summary>Where a broker is reached.</summary>
public sealed record BrokerEndpoint(int Id, string Host, int Port) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteInt32(Id);
        writer.WriteString(Host);
        writer.WriteInt32(Port);
        if (writer.Version >= 1)
        {
            writer.WriteString(null); // Rack.
        }

        writer.WriteNoTags();
    }
}

/// <summary>One topic, or why it cannot be told of.</summary>
/// <param name="Operations">What the client may do with it, a bit for each <see cref="AclOperation"/>.</param>
public sealed record MetadataTopic(
    ErrorCode Error, string? Name, Guid TopicId, bool IsInternal, IReadOnlyList<MetadataPartition> Partitions, int Operations = MetadataResponse.NoOperations)
    : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteError(Error);
        writer.WriteString(writer.Version >= 12 ? Name : Name ?? "");
        if (writer.Version >= 10)
        {
            writer.WriteUuid(TopicId);
        }

        if (writer.Version >= 1)
        {
            writer.WriteBool(IsInternal);
        }

        writer.WriteArray(Partitions);
        if (writer.Version >= 8)
        {
            writer.WriteInt32(Operations);
        }

        writer.WriteNoTags();
    }
}

/// <summary>One partition: its leader and its replicas, all in sync.</summary>
public sealed record MetadataPartition(ErrorCode Error, int Index, int LeaderId, int LeaderEpoch, IReadOnlyList<int> Replicas) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteError(Error);
        writer.WriteInt32(Index);
        writer.WriteInt32(LeaderId);
        if (writer.Version >= 7)
        {
            writer.WriteInt32(LeaderEpoch);
        }

        writer.WriteInt32Array(Replicas);
        writer.WriteInt32Array(LeaderId < 0 ? [] : Replicas);
        if (writer.Version >= 5)
        {
            writer.WriteInt32Array(LeaderId < 0 ? Replicas : []);
        }

        writer.WriteNoTags();
    }
}
