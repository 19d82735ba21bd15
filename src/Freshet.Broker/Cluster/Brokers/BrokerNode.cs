using System.Text.Json;

namespace Freshet.Broker.Cluster.Brokers;

/// <summary>Data of a broker's znode. The directory is Freshet's own field; Kafka's readers pass over it.</summary>
internal sealed record BrokerNode(
    int Version, string? Host, int Port, string[]? Endpoints, Dictionary<string, string>? Protocols, string? Timestamp, string? Directory) : IZnodeData<BrokerNode>
{
    public static BrokerNode Read(JsonElement json) => new(
        json.Number("version"), json.Text("host"), json.Number("port"),
        json.Array("endpoints", endpoint => endpoint.GetString() ?? ""),
        json.Map("listener_security_protocol_map", protocol => protocol.GetString() ?? ""),
        json.Text("timestamp"), json.Text("directory"));

    public void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("version", Version);
        json.WriteString("host", Host);
        json.WriteNumber("port", Port);
        json.WriteStartArray("endpoints");
        foreach (string endpoint in Endpoints ?? [])
        {
            json.WriteStringValue(endpoint);
        }

        json.WriteEndArray();
        json.WriteTexts("listener_security_protocol_map", Protocols ?? []);
        json.WriteString("timestamp", Timestamp);
        json.WriteString("directory", Directory);
    }
}
