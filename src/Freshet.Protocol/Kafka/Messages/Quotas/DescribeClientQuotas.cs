namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks for quotas (Kafka protocol, DescribeClientQuotas).</summary>
/// <param name="Components">What the entities must be like; all of them.</param>
/// <param name="Strict">Whether entities with other parts are left out.</param>
public sealed record DescribeClientQuotasRequest(IReadOnlyList<QuotaComponent> Components, bool Strict) : IKafkaReadable<DescribeClientQuotasRequest>
{
    /// <inheritdoc/>
    public static DescribeClientQuotasRequest Read(ref KafkaReader reader)
    {
        var request = new DescribeClientQuotasRequest(reader.ReadArray<QuotaComponent>(), reader.ReadBool());
        reader.SkipTags();
        return request;
    }
}

/// <summary>What one part of an entity must be like.</summary>
/// <param name="EntityType">user, client-id or ip.</param>
public readonly record struct QuotaComponent(string EntityType, QuotaMatch Match, string? Name) : IKafkaReadable<QuotaComponent>
{
    /// <inheritdoc/>
    public static QuotaComponent Read(ref KafkaReader reader)
    {
        var component = new QuotaComponent(reader.ReadString(), (QuotaMatch)reader.ReadInt8(), reader.ReadNullableString());
        reader.SkipTags();
        return component;
    }
}

/// <summary>How a part of an entity is compared.</summary>
public enum QuotaMatch : sbyte
{
    /// <summary>It has this name.</summary>
    Exact = 0,

    /// <summary>It is the default for those without a quota of their own.</summary>
    Default = 1,

    /// <summary>It is there.</summary>
    Any = 2,
}

/// <summary>The quotas that match.</summary>
public sealed record DescribeClientQuotasResponse(ErrorCode Error, string? ErrorMessage, IReadOnlyList<DescribedQuota>? Entries) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        writer.WriteArray(Entries);
        writer.WriteNoTags();
    }
}

/// <summary>An entity's quotas.</summary>
public sealed record DescribedQuota(IReadOnlyList<QuotaEntityPart> Entity, IReadOnlyList<QuotaValue> Values) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteArray(Entity);
        writer.WriteArray(Values);
        writer.WriteNoTags();
    }
}

/// <summary>A part of an entity: a user, a client id or an address.</summary>
/// <param name="Name">Null for the default.</param>
public readonly record struct QuotaEntityPart(string EntityType, string? Name) : IKafkaReadable<QuotaEntityPart>, IKafkaWritable
{
    /// <inheritdoc/>
    public static QuotaEntityPart Read(ref KafkaReader reader)
    {
        var part = new QuotaEntityPart(reader.ReadString(), reader.ReadNullableString());
        reader.SkipTags();
        return part;
    }

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(EntityType);
        writer.WriteString(Name);
        writer.WriteNoTags();
    }
}

/// <summary>One quota.</summary>
public readonly record struct QuotaValue(string Key, double Value) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(Key);
        writer.WriteDouble(Value);
        writer.WriteNoTags();
    }
}
