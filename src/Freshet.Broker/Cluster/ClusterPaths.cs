namespace Freshet.Broker.Cluster;

/// <summary>Where the cluster keeps what it knows in the coordination service: the places that Kafka used with ZooKeeper.</summary>
internal static class ClusterPaths
{
    public const string Brokers = "/brokers/ids";
    public const string Topics = "/brokers/topics";
    public const string TopicConfigs = "/config/topics";
    public const string BrokerConfigs = "/config/brokers";
    public const string AllBrokersConfig = BrokerConfigs + "/<default>";
    public const string ClusterId = "/cluster/id";
    public const string ProducerIdBlock = "/latest_producer_id_block";

    /// <summary>Persistent znodes that must be there before anything else, parents first.</summary>
    public static readonly string[] Roots = ["/brokers", Brokers, Topics, "/config", TopicConfigs, BrokerConfigs, "/cluster"];

    public static string Broker(int id) => $"{Brokers}/{id}";

    public static string Topic(string name) => $"{Topics}/{name}";

    public static string BrokerConfig(int id) => $"{BrokerConfigs}/{id}";

    public static string TopicConfig(string name) => $"{TopicConfigs}/{name}";
}
