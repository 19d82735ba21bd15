namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Replaces all settings of resources (Kafka protocol, AlterConfigs, versions 0 to 2).</summary>
public sealed record AlterConfigsRequest(AlteredConfigs[] Resources, bool ValidateOnly) : IKafkaReadable<AlterConfigsRequest>
{
    /// <inheritdoc/>
    public static AlterConfigsRequest Read(ref KafkaReader reader)
    {
        AlteredConfigs[] resources = [.. reader.ReadArray<Resource>().Select(resource => resource.Configs)];
        var request = new AlterConfigsRequest(resources, reader.ReadBool());
        reader.SkipTags();
        return request;
    }

    private readonly record struct Resource(AlteredConfigs Configs) : IKafkaReadable<Resource>
    {
        public static Resource Read(ref KafkaReader reader)
        {
            var type = (ConfigResourceType)reader.ReadInt8();
            string name = reader.ReadString();
            ConfigChange[] changes = [.. reader.ReadArray<TopicSetting>().Select(setting => new ConfigChange(setting.Name, ConfigOperation.Set, setting.Value))];
            reader.SkipTags();
            return new Resource(new AlteredConfigs(type, name, changes));
        }
    }
}

/// <summary>Changes of one resource's settings.</summary>
public sealed record AlteredConfigs(ConfigResourceType Type, string Name, IReadOnlyList<ConfigChange> Changes);

/// <summary>What became of each resource; answers AlterConfigs and IncrementalAlterConfigs.</summary>
public sealed record AlterConfigsResponse(IReadOnlyList<AlteredResource> Resources) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteArray(Resources);
        writer.WriteNoTags();
    }
}

/// <summary>A resource that was changed, or why it was not.</summary>
public sealed record AlteredResource(ErrorCode Error, string? ErrorMessage, ConfigResourceType Type, string Name) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        writer.WriteInt8((sbyte)Type);
        writer.WriteString(Name);
        writer.WriteNoTags();
    }
}
