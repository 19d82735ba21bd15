namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Changes single settings of resources (Kafka protocol, IncrementalAlterConfigs, versions 0 and 1).</summary>
public sealed record IncrementalAlterConfigsRequest(AlteredConfigs[] Resources, bool ValidateOnly) : IKafkaReadable<IncrementalAlterConfigsRequest>
{
    /// <inheritdoc/>
    public static IncrementalAlterConfigsRequest Read(ref KafkaReader reader)
    {
        AlteredConfigs[] resources = [.. reader.ReadArray<Resource>().Select(resource => resource.Configs)];
        var request = new IncrementalAlterConfigsRequest(resources, reader.ReadBool());
        reader.SkipTags();
        return request;
    }

    private readonly record struct Resource(AlteredConfigs Configs) : IKafkaReadable<Resource>
    {
        public static Resource Read(ref KafkaReader reader)
        {
            var configs = new AlteredConfigs((ConfigResourceType)reader.ReadInt8(), reader.ReadString(), reader.ReadArray<ConfigChange>());
            reader.SkipTags();
            return new Resource(configs);
        }
    }
}

/// <summary>A change of one setting.</summary>
/// <param name="Name">Name of the setting.</param>
/// <param name="Operation">What to do; may be a number that <see cref="ConfigOperation"/> does not name.</param>
/// <param name="Value">The value, or null.</param>
public readonly record struct ConfigChange(string Name, ConfigOperation Operation, string? Value) : IKafkaReadable<ConfigChange>
{
    /// <inheritdoc/>
    public static ConfigChange Read(ref KafkaReader reader)
    {
        var change = new ConfigChange(reader.ReadString(), (ConfigOperation)reader.ReadInt8(), reader.ReadNullableString());
        reader.SkipTags();
        return change;
    }
}

/// <summary>What to do with a setting (Kafka protocol, IncrementalAlterConfigs).</summary>
public enum ConfigOperation
{
    /// <summary>Gives it a value.</summary>
    Set = 0,

    /// <summary>Takes its value away, so that the default holds.</summary>
    Delete = 1,

    /// <summary>Adds to its list.</summary>
    Append = 2,

    /// <summary>Takes out of its list.</summary>
    Subtract = 3,
}
