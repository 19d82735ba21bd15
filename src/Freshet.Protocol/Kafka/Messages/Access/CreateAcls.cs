namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Adds access rules (Kafka protocol, CreateAcls).</summary>
public sealed record CreateAclsRequest(IReadOnlyList<AclBinding> Bindings) : IKafkaReadable<CreateAclsRequest>
{
    /// <inheritdoc/>
    public static CreateAclsRequest Read(ref KafkaReader reader)
    {
        var request = new CreateAclsRequest(reader.ReadArray<AclBinding>());
        reader.SkipTags();
        return request;
    }
}

/// <summary>What became of each rule, in the order of the request.</summary>
public sealed record CreateAclsResponse(IReadOnlyList<CreatedAcl> Results) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteArray(Results);
        writer.WriteNoTags();
    }
}

/// <summary>What became of one rule.</summary>
public readonly record struct CreatedAcl(ErrorCode Error, string? ErrorMessage) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        writer.WriteNoTags();
    }
}
