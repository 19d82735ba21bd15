using System.Text.Json;

namespace Freshet.Broker.Cluster.Brokers;

/// <summary>Data of the cluster id's znode.</summary>
internal sealed record ClusterIdNode(string? Id) : IZnodeData<ClusterIdNode>
{
    public static ClusterIdNode Read(JsonElement json) => new(json.Text("id"));

    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("version", "1");
        json.WriteString("id", Id);
    }
}
