using System.Text.Json.Serialization;

namespace Freshet.Broker.Access;

/// <summary>Data of a resource's znode: its rules.</summary>
internal sealed record AclNode([property: JsonPropertyName("version")] int Version, [property: JsonPropertyName("acls")] AclEntry[] Entries);

/// <summary>One rule, in Kafka's names.</summary>
internal sealed record AclEntry(
    [property: JsonPropertyName("principal")] string Principal,
    [property: JsonPropertyName("permissionType")] string Permission,
    [property: JsonPropertyName("operation")] string Operation,
    [property: JsonPropertyName("host")] string Host);
