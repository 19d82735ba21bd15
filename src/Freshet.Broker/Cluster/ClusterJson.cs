using System.Text.Json.Serialization;
using Freshet.Broker.Access;

namespace Freshet.Broker.Cluster;

/// <summary>Data of a broker's znode. The directory is Freshet's own field; Kafka's readers pass over it.</summary>
internal sealed record BrokerNode(
    [property: JsonPropertyName("version")] int Version,
    [property: JsonPropertyName("host")] string? Host,
    [property: JsonPropertyName("port")] int Port,
    [property: JsonPropertyName("endpoints")] string[]? Endpoints,
    [property: JsonPropertyName("listener_security_protocol_map")] Dictionary<string, string> Protocols,
    [property: JsonPropertyName("timestamp")] string Timestamp,
    [property: JsonPropertyName("directory")] string? Directory = null);

/// <summary>Data of a topic's znode: the replicas of each partition, by its number.</summary>
internal sealed record TopicNode(
    [property: JsonPropertyName("version")] int Version,
    [property: JsonPropertyName("topic_id")] string TopicId,
    [property: JsonPropertyName("partitions")] Dictionary<string, int[]> Partitions);

/// <summary>Data of a topic's configuration znode.</summary>
internal sealed record TopicConfigNode(
    [property: JsonPropertyName("version")] int Version,
    [property: JsonPropertyName("config")] Dictionary<string, string> Config);

/// <summary>Data of the cluster id's znode.</summary>
internal sealed record ClusterIdNode(
    [property: JsonPropertyName("version")] string Version,
    [property: JsonPropertyName("id")] string Id);

/// <summary>The producer ids last handed to a broker; numbers as text, as Kafka writes them.</summary>
internal sealed record ProducerIdBlockNode(
    [property: JsonPropertyName("version")] int Version,
    [property: JsonPropertyName("broker")] int Broker,
    [property: JsonPropertyName("block_start")] string Start,
    [property: JsonPropertyName("block_end")] string End);

[JsonSerializable(typeof(BrokerNode))]
[JsonSerializable(typeof(AclNode))]
[JsonSerializable(typeof(TopicNode))]
[JsonSerializable(typeof(TopicConfigNode))]
[JsonSerializable(typeof(ClusterIdNode))]
[JsonSerializable(typeof(ProducerIdBlockNode))]
internal sealed partial class ClusterJson : JsonSerializerContext;
