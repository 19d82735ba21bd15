namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks for settings (Kafka protocol, DescribeConfigs).</summary>
public sealed record DescribeConfigsRequest(IReadOnlyList<ConfigResource> Resources, bool IncludeSynonyms, bool IncludeDocumentation) : IKafkaReadable<DescribeConfigsRequest>
{
    /// <inheritdoc/>
    public static DescribeConfigsRequest Read(ref KafkaReader reader)
    {
        ConfigResource[] resources = reader.ReadArray<ConfigResource>();
        bool synonyms = reader.ReadBool();
        bool documentation = reader.Version >= 3 && reader.ReadBool();
        reader.SkipTags();
        return new DescribeConfigsRequest(resources, synonyms, documentation);
    }
}

/// <summary>A topic or broker whose settings are asked for; null keys mean all.</summary>
public sealed record ConfigResource(ConfigResourceType Type, string Name, IReadOnlyList<string>? Keys) : IKafkaReadable<ConfigResource>
{
    /// <inheritdoc/>
    public static ConfigResource Read(ref KafkaReader reader)
    {
        var resource = new ConfigResource((ConfigResourceType)reader.ReadInt8(), reader.ReadString(), reader.ReadNullableStringArray());
        reader.SkipTags();
        return resource;
    }
}

/// <summary>Settings of each resource.</summary>
public sealed record DescribeConfigsResponse(IReadOnlyList<DescribedResource> Resources) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteArray(Resources);
        writer.WriteNoTags();
    }
}

/// <summary>Settings of one resource.</summary>
public sealed record DescribedResource(ErrorCode Error, string? ErrorMessage, ConfigResourceType Type, string Name, IReadOnlyList<DescribedConfig> Configs)
    : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        writer.WriteInt8((sbyte)Type);
        writer.WriteString(Name);
        writer.WriteArray(Configs);
        writer.WriteNoTags();
    }
}

/// <summary>One setting.</summary>
/// <param name="ReadOnly">Whether it stays as it is while the broker runs.</param>
/// <param name="Synonyms">The values that stand behind it, strongest first.</param>
public sealed record DescribedConfig(string Name, string? Value, bool ReadOnly, ConfigSource Source, ConfigType Type, IReadOnlyList<ConfigSynonym> Synonyms)
    : IKafkaWritable
{
    /// <summary>What it does, or null when nobody asked.</summary>
    public string? Documentation { get; init; }

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(Name);
        writer.WriteString(Value);
        writer.WriteBool(ReadOnly);
        writer.WriteInt8((sbyte)Source);
        writer.WriteBool(false); // Sensitive.
        writer.WriteArray(Synonyms);
        if (writer.Version >= 3)
        {
            writer.WriteInt8((sbyte)Type);
            writer.WriteString(Documentation);
        }

        writer.WriteNoTags();
    }
}

/// <summary>A value that stands behind a setting.</summary>
public sealed record ConfigSynonym(string Name, string? Value, ConfigSource Source) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(Name);
        writer.WriteString(Value);
        writer.WriteInt8((sbyte)Source);
        writer.WriteNoTags();
    }
}
