namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Sets and removes quotas (Kafka protocol, AlterClientQuotas).</summary>
public sealed record AlterClientQuotasRequest(IReadOnlyList<AlteredQuota> Entries, bool ValidateOnly) : IKafkaReadable<AlterClientQuotasRequest>
{
    /// <inheritdoc/>
    public static AlterClientQuotasRequest Read(ref KafkaReader reader)
    {
        var request = new AlterClientQuotasRequest(reader.ReadArray<AlteredQuota>(), reader.ReadBool());
        reader.SkipTags();
        return request;
    }
}

/// <summary>Changes to the quotas of an entity.</summary>
public sealed record AlteredQuota(IReadOnlyList<QuotaEntityPart> Entity, IReadOnlyList<QuotaChange> Changes) : IKafkaReadable<AlteredQuota>
{
    /// <inheritdoc/>
    public static AlteredQuota Read(ref KafkaReader reader)
    {
        var entry = new AlteredQuota(reader.ReadArray<QuotaEntityPart>(), reader.ReadArray<QuotaChange>());
        reader.SkipTags();
        return entry;
    }
}

/// <summary>A change to one quota.</summary>
public readonly record struct QuotaChange(string Key, double Value, bool Remove) : IKafkaReadable<QuotaChange>
{
    /// <inheritdoc/>
    public static QuotaChange Read(ref KafkaReader reader)
    {
        var change = new QuotaChange(reader.ReadString(), reader.ReadDouble(), reader.ReadBool());
        reader.SkipTags();
        return change;
    }
}

/// <summary>What became of each entity.</summary>
public sealed record AlterClientQuotasResponse(IReadOnlyList<AlteredQuotaResult> Entries) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteArray(Entries);
        writer.WriteNoTags();
    }
}

/// <summary>What became of one entity.</summary>
public sealed record AlteredQuotaResult(ErrorCode Error, string? ErrorMessage, IReadOnlyList<QuotaEntityPart> Entity) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        writer.WriteArray(Entity);
        writer.WriteNoTags();
    }
}
