namespace Freshet.Broker.Quotas;

/// <summary>What a quota limits, by Kafka's name.</summary>
internal static class QuotaKey
{
    /// <summary>Bytes of Produce requests per second.</summary>
    public const string ProducerBytes = "producer_byte_rate";

    /// <summary>Bytes of records fetched per second.</summary>
    public const string ConsumerBytes = "consumer_byte_rate";

    /// <summary>Time that requests keep a thread of the broker busy, in percent of one thread.</summary>
    public const string RequestPercentage = "request_percentage";

    /// <summary>Partitions created and deleted per second.</summary>
    public const string ControllerMutations = "controller_mutation_rate";

    /// <summary>Connections opened per second.</summary>
    public const string Connections = "connection_creation_rate";

    public static readonly string[] OfClients = [ProducerBytes, ConsumerBytes, RequestPercentage, ControllerMutations];
    public static readonly string[] OfAddresses = [Connections];
    public static readonly string[] All = [.. OfClients, .. OfAddresses];

    /// <summary>Whether values are whole numbers.</summary>
    public static bool IsWhole(string key) => key is ProducerBytes or ConsumerBytes or Connections;
}
