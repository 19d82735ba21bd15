namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Removes access rules (Kafka protocol, DeleteAcls).</summary>
public sealed record DeleteAclsRequest(IReadOnlyList<AclFilter> Filters) : IKafkaReadable<DeleteAclsRequest>
{
    /// <inheritdoc/>
    public static DeleteAclsRequest Read(ref KafkaReader reader)
    {
        var request = new DeleteAclsRequest(reader.ReadArray<AclFilter>());
        reader.SkipTags();
        return request;
    }
}

/// <summary>What each filter removed, in the order of the request.</summary>
public sealed record DeleteAclsResponse(IReadOnlyList<DeletedAcls> Results) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteArray(Results);
        writer.WriteNoTags();
    }
}

/// <summary>What one filter removed.</summary>
public sealed record DeletedAcls(ErrorCode Error, string? ErrorMessage, IReadOnlyList<AclBinding> Bindings) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        writer.WriteLength(Bindings.Count);
        foreach (AclBinding binding in Bindings)
        {
            writer.WriteError(ErrorCode.None);
            writer.WriteString(null); // Message.
            writer.WriteInt8((sbyte)binding.ResourceType);
            writer.WriteString(binding.ResourceName);
            writer.WriteInt8((sbyte)binding.PatternType);
            writer.WriteString(binding.Principal);
            writer.WriteString(binding.Host);
            writer.WriteInt8((sbyte)binding.Operation);
            writer.WriteInt8((sbyte)binding.Permission);
            writer.WriteNoTags();
        }

        writer.WriteNoTags();
    }
}
