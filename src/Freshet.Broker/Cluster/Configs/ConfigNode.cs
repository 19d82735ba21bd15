using System.Text.Json;

namespace Freshet.Broker.Cluster.Configs;

/// <summary>Data of a znode with settings: a topic's, a broker's, a user's.</summary>
internal sealed record ConfigNode(Dictionary<string, string> Config) : IZnodeData<ConfigNode>
{
    public static ConfigNode Read(JsonElement json) => new(json.Map("config", value => value.GetString() ?? "") ?? []);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("version", 1);
        json.WriteTexts("config", Config);
    }
}
