using System.Text.Json;
using Freshet.Broker.Cluster;

namespace Freshet.Broker.Access;

/// <summary>Data of a resource's znode: its rules.</summary>
internal sealed record AclNode(AclEntry[] Entries) : IZnodeData<AclNode>
{
    public static AclNode Read(JsonElement json) => new(json.Array("acls", AclEntry.Read) ?? []);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("version", 1);
        json.WriteStartArray("acls");
        foreach (AclEntry entry in Entries)
        {
            json.WriteStartObject();
            json.WriteString("principal", entry.Principal);
            json.WriteString("permissionType", entry.Permission);
            json.WriteString("operation", entry.Operation);
            json.WriteString("host", entry.Host);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

/// <summary>One rule, in Kafka's names.</summary>
internal sealed record AclEntry(string? Principal, string? Permission, string? Operation, string? Host)
{
    public static AclEntry Read(JsonElement json) => new(json.Text("principal"), json.Text("permissionType"), json.Text("operation"), json.Text("host"));
}
