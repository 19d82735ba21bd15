namespace Freshet.Broker;

/// <summary>Settings of one broker.</summary>
public sealed class BrokerOptions
{
    /// <summary>Folder of the partitions; created when missing.</summary>
    public required string DataDirectory { get; set; }

    /// <summary>Number of this broker in the cluster.</summary>
    public int BrokerId { get; set; } = 1;

    /// <summary>Host name told to clients in metadata.</summary>
    public string AdvertisedHost { get; set; } = "127.0.0.1";

    /// <summary>Port told to clients in metadata.</summary>
    public int AdvertisedPort { get; set; } = 9092;

    /// <summary>Partitions of a topic created without a count.</summary>
    public int DefaultPartitions { get; set; } = 1;

    /// <summary>Whether asking for a missing topic creates it.</summary>
    public bool AutoCreateTopics { get; set; } = true;
}
