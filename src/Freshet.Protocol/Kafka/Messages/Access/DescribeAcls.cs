namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks for access rules (Kafka protocol, DescribeAcls).</summary>
public sealed record DescribeAclsRequest(AclFilter Filter) : IKafkaReadable<DescribeAclsRequest>
{
    /// <inheritdoc/>
    public static DescribeAclsRequest Read(ref KafkaReader reader) => new(AclFilter.Read(ref reader));
}

/// <summary>The rules that match.</summary>
public sealed record DescribeAclsResponse(ErrorCode Error, string? ErrorMessage, IReadOnlyList<AclBinding> Bindings) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        var resources = Bindings.GroupBy(binding => (binding.ResourceType, binding.ResourceName, binding.PatternType)).ToArray();
        writer.WriteLength(resources.Length);
        foreach (var resource in resources)
        {
            writer.WriteInt8((sbyte)resource.Key.ResourceType);
            writer.WriteString(resource.Key.ResourceName);
            writer.WriteInt8((sbyte)resource.Key.PatternType);
            writer.WriteLength(resource.Count());
            foreach (AclBinding binding in resource)
            {
                writer.WriteString(binding.Principal);
                writer.WriteString(binding.Host);
                writer.WriteInt8((sbyte)binding.Operation);
                writer.WriteInt8((sbyte)binding.Permission);
                writer.WriteNoTags();
            }

            writer.WriteNoTags();
        }

        writer.WriteNoTags();
    }
}
