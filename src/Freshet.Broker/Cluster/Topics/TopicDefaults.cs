using Freshet.Broker.Cluster.Configs;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Cluster.Topics;

/// <summary>
/// What holds for topics that do not set something: what was set on this broker while it runs, on all brokers, what the broker was
/// started with, and Kafka's own. Never changes; a change makes a new one.
/// </summary>
/// <param name="onBroker">Settings of this broker under the broker's names.</param>
/// <param name="onAllBrokers">Settings of all brokers, likewise.</param>
/// <param name="atStart">Settings the broker was started with, likewise.</param>
internal sealed class TopicDefaults(
    IReadOnlyDictionary<string, string> onBroker, IReadOnlyDictionary<string, string> onAllBrokers, IReadOnlyDictionary<string, string> atStart)
{
    private static readonly Dictionary<string, string> Empty = [];

    private readonly (ConfigSource Source, Dictionary<string, string> Settings)[] _layers =
    [
        (ConfigSource.DynamicBroker, BrokerSettingNames.ToTopicSettings(onBroker)),
        (ConfigSource.DynamicDefaultBroker, BrokerSettingNames.ToTopicSettings(onAllBrokers)),
        (ConfigSource.StaticBroker, BrokerSettingNames.ToTopicSettings(atStart)),
    ];

    /// <summary>Kafka's own defaults only.</summary>
    public static TopicDefaults Kafkas { get; } = new(Empty, Empty, Empty);

    /// <summary>The value that holds.</summary>
    public string this[string name] => Behind(TopicSettingDefinition.All[name]).First().Value!;

    /// <summary>The values that there are, strongest first, under the broker's name.</summary>
    public IEnumerable<ConfigSynonym> Behind(TopicSettingDefinition definition)
    {
        foreach ((ConfigSource source, Dictionary<string, string> settings) in _layers)
        {
            if (settings.TryGetValue(definition.Name, out string? value))
            {
                yield return new ConfigSynonym(definition.BrokerName, value, source);
            }
        }

        yield return new ConfigSynonym(definition.BrokerName, definition.Default, ConfigSource.Default);
    }
}
