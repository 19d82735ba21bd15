using System.Text.Json;

namespace Freshet.Broker.Cluster.Topics;

/// <summary>Data of a topic's znode: the replicas of each partition, by its number.</summary>
internal sealed record TopicNode(int Version, string? TopicId, Dictionary<string, int[]>? Partitions) : IZnodeData<TopicNode>
{
    public static TopicNode Read(JsonElement json) => new(json.Number("version"), json.Text("topic_id"), json.Map("partitions", Brokers));

    public void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("version", Version);
        json.WriteString("topic_id", TopicId);
        json.WriteStartObject("partitions");
        foreach ((string partition, int[] brokers) in Partitions ?? [])
        {
            json.WriteStartArray(partition);
            foreach (int broker in brokers)
            {
                json.WriteNumberValue(broker);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static int[] Brokers(JsonElement replicas)
    {
        int[] brokers = new int[replicas.GetArrayLength()];
        for (int index = 0; index < brokers.Length; index++)
        {
            brokers[index] = replicas[index].GetInt32();
        }

        return brokers;
    }
}
