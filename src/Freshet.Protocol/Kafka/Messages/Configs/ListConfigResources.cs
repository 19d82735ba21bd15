namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks what has settings (Kafka protocol, ListConfigResources, versions 0 and 1).</summary>
/// <param name="Types">Types asked for; empty means all that can be listed.</param>
public sealed record ListConfigResourcesRequest(IReadOnlyList<ConfigResourceType> Types) : IKafkaReadable<ListConfigResourcesRequest>
{
    /// <inheritdoc/>
    public static ListConfigResourcesRequest Read(ref KafkaReader reader)
    {
        // The first version knew client metrics only.
        var types = new List<ConfigResourceType>();
        for (int left = reader.Version >= 1 ? reader.ReadCount() : 0; left > 0; left--)
        {
            types.Add((ConfigResourceType)reader.ReadInt8());
        }

        if (reader.Version == 0)
        {
            types.Add(ConfigResourceType.ClientMetrics);
        }

        reader.SkipTags();
        return new ListConfigResourcesRequest(types);
    }
}

/// <summary>What has settings.</summary>
public sealed record ListConfigResourcesResponse(ErrorCode Error, IReadOnlyList<ListedConfigResource> Resources) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteError(Error);
        writer.WriteArray(Resources);
        writer.WriteNoTags();
    }
}

/// <summary>One resource that has settings.</summary>
public readonly record struct ListedConfigResource(string Name, ConfigResourceType Type) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(Name);
        if (writer.Version >= 1)
        {
            writer.WriteInt8((sbyte)Type);
        }

        writer.WriteNoTags();
    }
}
