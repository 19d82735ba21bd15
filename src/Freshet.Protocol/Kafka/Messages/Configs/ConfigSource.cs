namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Where a setting's value comes from (Kafka protocol, DescribeConfigs).</summary>
public enum ConfigSource
{
    /// <summary>Set on the topic.</summary>
    Topic = 1,

    /// <summary>Set on one broker while it runs.</summary>
    DynamicBroker = 2,

    /// <summary>Set on all brokers while they run.</summary>
    DynamicDefaultBroker = 3,

    /// <summary>Given to the broker when it started.</summary>
    StaticBroker = 4,

    /// <summary>Nobody set it.</summary>
    Default = 5,

    /// <summary>Set on a logger of a broker while it runs.</summary>
    BrokerLogger = 6,

    /// <summary>Set on a subscription to clients' metrics.</summary>
    ClientMetrics = 7,

    /// <summary>Set on the group.</summary>
    Group = 8,
}

/// <summary>Type of a setting's value (Kafka protocol, DescribeConfigs).</summary>
public enum ConfigType
{
    /// <summary>Not told.</summary>
    Unknown = 0,

    /// <summary>True or false.</summary>
    Bool = 1,

    /// <summary>Text.</summary>
    String = 2,

    /// <summary>32 bits.</summary>
    Int = 3,

    /// <summary>64 bits.</summary>
    Long = 5,

    /// <summary>A fraction.</summary>
    Double = 6,

    /// <summary>Texts separated by commas.</summary>
    List = 7,
}

/// <summary>What has settings (Kafka protocol, config resource type).</summary>
public enum ConfigResourceType
{
    /// <summary>A topic, by name.</summary>
    Topic = 2,

    /// <summary>A broker, by id.</summary>
    Broker = 4,

    /// <summary>The log levels of a broker, by id.</summary>
    BrokerLogger = 8,

    /// <summary>A subscription to clients' metrics, by name.</summary>
    ClientMetrics = 16,

    /// <summary>A group, by id.</summary>
    Group = 32,
}
