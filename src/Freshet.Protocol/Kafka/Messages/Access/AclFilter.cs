namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Chooses access rules. Null names and the values Any match everything.</summary>
public sealed record AclFilter(
    AclResourceType ResourceType, string? ResourceName, AclPatternType PatternType, string? Principal, string? Host, AclOperation Operation, AclPermission Permission)
    : IKafkaReadable<AclFilter>
{
    /// <inheritdoc/>
    public static AclFilter Read(ref KafkaReader reader)
    {
        var filter = new AclFilter(
            (AclResourceType)reader.ReadInt8(), reader.ReadNullableString(), (AclPatternType)reader.ReadInt8(),
            reader.ReadNullableString(), reader.ReadNullableString(), (AclOperation)reader.ReadInt8(), (AclPermission)reader.ReadInt8());
        reader.SkipTags();
        return filter;
    }

    /// <summary>Whether it asks for something that has no meaning.</summary>
    public bool IsUnknown =>
        !Enum.IsDefined(ResourceType) || ResourceType == AclResourceType.Unknown || !Enum.IsDefined(PatternType) || PatternType == AclPatternType.Unknown
        || !Enum.IsDefined(Operation) || Operation == AclOperation.Unknown || !Enum.IsDefined(Permission) || Permission == AclPermission.Unknown;

    /// <summary>Whether a rule is one of those chosen.</summary>
    public bool Matches(AclBinding binding)
    {
        ArgumentNullException.ThrowIfNull(binding);
        return (ResourceType is AclResourceType.Any || ResourceType == binding.ResourceType)
            && MatchesName(binding)
            && (Principal is null || Principal == binding.Principal)
            && (Host is null || Host == binding.Host)
            && (Operation is AclOperation.Any || Operation == binding.Operation)
            && (Permission is AclPermission.Any || Permission == binding.Permission);
    }

    private bool MatchesName(AclBinding binding) => PatternType switch
    {
        AclPatternType.Any => ResourceName is null || ResourceName == binding.ResourceName,
        AclPatternType.Match => ResourceName is null || Applies(binding, ResourceName),
        _ => PatternType == binding.PatternType && (ResourceName is null || ResourceName == binding.ResourceName),
    };

    private static bool Applies(AclBinding binding, string name) => binding.PatternType == AclPatternType.Prefixed
        ? name.StartsWith(binding.ResourceName, StringComparison.Ordinal)
        : binding.ResourceName == name || binding.ResourceName == "*";
}
