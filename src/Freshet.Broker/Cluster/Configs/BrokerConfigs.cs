using System.Globalization;
using Freshet.Broker.Cluster.Topics;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Cluster.Configs;

/// <summary>The broker's settings under Kafka's names, for admin clients. Those that hold for topics or limit connections can be changed; the others are given at the start and stay.</summary>
internal static class BrokerConfigs
{
    private static readonly BrokerOptions Defaults = new() { DataDirectory = "" };

    public static IEnumerable<DescribedConfig> Of(BrokerOptions options, TopicDefaults defaults, ConnectionSettings connections) =>
    [
        Set("node.id", options.BrokerId),
        Set("broker.id", options.BrokerId),
        Set("advertised.listeners", ConfigType.String, string.Join(',', options.Listeners)),
        Set("log.dirs", ConfigType.String, options.DataDirectory),
        // Nobody says which options were given; what is as it would be without is shown as such.
        .. Choices(options).Zip(Choices(Defaults), (chosen, byDefault) => chosen.Value == byDefault.Value ? chosen with { Source = ConfigSource.Default } : chosen),
        Fixed("default.replication.factor", ConfigType.Int, "1"),
        Fixed("offsets.topic.replication.factor", ConfigType.Int, "1"),
        .. connections.Names.Select(name => OfConnections(name, connections)),
        .. TopicSettingDefinition.All.Values.Select(definition => OfTopics(definition, defaults)),
    ];

    private static IEnumerable<DescribedConfig> Choices(BrokerOptions options) =>
    [
        Set("auto.create.topics.enable", ConfigType.Bool, options.AutoCreateTopics ? "true" : "false"),
        Set("num.partitions", options.DefaultPartitions),
        Set("offsets.topic.num.partitions", options.OffsetsPartitions),
        Set("offset.metadata.max.bytes", options.MaxOffsetMetadataBytes),
        Set("socket.request.max.bytes", options.MaxProduceRequestBytes),
        Set("connections.max.idle.ms", options.MaxConnectionIdle),
        Set("group.initial.rebalance.delay.ms", options.GroupInitialRebalanceDelay),
        Set("group.min.session.timeout.ms", options.GroupMinSessionTimeout),
        Set("group.max.session.timeout.ms", options.GroupMaxSessionTimeout),
        Set("group.consumer.session.timeout.ms", options.GroupConsumerSessionTimeout),
        Set("group.consumer.min.session.timeout.ms", options.GroupConsumerMinSessionTimeout),
        Set("group.consumer.max.session.timeout.ms", options.GroupConsumerMaxSessionTimeout),
        Set("group.consumer.heartbeat.interval.ms", options.GroupConsumerHeartbeatInterval),
        Set("group.consumer.min.heartbeat.interval.ms", options.GroupConsumerMinHeartbeatInterval),
        Set("group.consumer.max.heartbeat.interval.ms", options.GroupConsumerMaxHeartbeatInterval),
        Set("group.consumer.migration.policy", ConfigType.String, options.GroupMigrationPolicy.ToString().ToLowerInvariant()),
        Set("group.max.size", options.MaxGroupMembers),
        Set("transaction.state.log.num.partitions", options.TransactionPartitions),
        Set("transaction.max.timeout.ms", options.TransactionMaxTimeout),
        Set("transactional.id.expiration.ms", options.TransactionalIdExpiration),
        Set("producer.id.expiration.ms", options.ProducerIdExpiration),
        Set("transaction.abort.timed.out.transaction.cleanup.interval.ms", options.TransactionSweepInterval),
        Set("log.retention.check.interval.ms", options.RetentionCheckInterval),
        Set("log.cleaner.backoff.ms", options.CompactionInterval),
        Set("log.cleaner.dedupe.buffer.size", ConfigType.Long, options.CompactionMapBytes.ToString(CultureInfo.InvariantCulture)),
        Set("fetch.max.bytes", options.MaxFetchBytes),
        Set("max.incremental.fetch.session.cache.slots", options.MaxFetchSessions),
        Set("telemetry.max.bytes", options.MaxClientTelemetryBytes),
    ];

    private static DescribedConfig Set(string name, int value) => Set(name, ConfigType.Int, value.ToString(CultureInfo.InvariantCulture));

    private static DescribedConfig Set(string name, TimeSpan value) =>
        Set(name, ConfigType.Long, ((long)value.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));

    private static DescribedConfig Set(string name, ConfigType type, string value) => new(name, value, ReadOnly: true, ConfigSource.StaticBroker, type, []);

    private static DescribedConfig Fixed(string name, ConfigType type, string value) => new(name, value, ReadOnly: true, ConfigSource.Default, type, []);

    private static DescribedConfig OfConnections(string name, ConnectionSettings connections)
    {
        ConfigSynonym[] behind = [.. connections.Behind(name)];
        return new DescribedConfig(name, behind[0].Value, ReadOnly: false, behind[0].Source, ConnectionSetting.TypeOf(name), behind);
    }

    private static DescribedConfig OfTopics(TopicSettingDefinition definition, TopicDefaults defaults)
    {
        ConfigSynonym[] behind = [.. defaults.Behind(definition)];
        return new DescribedConfig(definition.BrokerName, behind[0].Value, ReadOnly: false, behind[0].Source, definition.Type, behind)
        {
            Documentation = definition.Documentation,
        };
    }
}
