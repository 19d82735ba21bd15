using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Access;

/// <summary>Where access rules are kept: the places that Kafka used with ZooKeeper, a znode for each resource.</summary>
internal static class AclPaths
{
    public const string Literal = "/kafka-acl";
    public const string Extended = "/kafka-acl-extended";
    public const string Prefixed = $"{Extended}/prefixed";

    public static string Of(AclResourceType type, string name, AclPatternType pattern) =>
        $"{(pattern == AclPatternType.Prefixed ? Prefixed : Literal)}/{type}/{Encode(name)}";

    /// <summary>The resource behind a path; null when the path is none of a resource.</summary>
    public static (AclResourceType Type, string Name, AclPatternType Pattern)? Parse(string path)
    {
        bool isPrefixed = path.StartsWith($"{Prefixed}/", StringComparison.Ordinal);
        if (!isPrefixed && !path.StartsWith($"{Literal}/", StringComparison.Ordinal))
        {
            return null;
        }

        string[] parts = path[((isPrefixed ? Prefixed : Literal).Length + 1)..].Split('/');
        return parts is [var type, var name] && Enum.TryParse(type, out AclResourceType known) && Enum.IsDefined(known)
            ? (known, Decode(name), isPrefixed ? AclPatternType.Prefixed : AclPatternType.Literal)
            : null;
    }

    // Kafka writes names as they are; those that cannot be the name of a znode get the least of an escape.
    private static string Encode(string name) => name is "." or ".."
        ? name.Replace(".", "%2E", StringComparison.Ordinal)
        : name.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal);

    private static string Decode(string name) => Uri.UnescapeDataString(name);
}
