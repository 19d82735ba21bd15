using System.Net;
using Freshet.Broker;

namespace Freshet.Node.Configuration.Kafka;

/// <summary>The keys of a server.properties that mean something here, and what each sets.</summary>
internal static class KafkaKeys
{
    private const string ListenerPrefix = "listener.name.";

    private static readonly Dictionary<string, Action<KafkaSettings, ConfigurationEntry>> Meanings = new(StringComparer.Ordinal)
    {
        ["broker.id"] = SetId,
        ["node.id"] = SetId,
        ["log.dirs"] = SetDirectory,
        ["log.dir"] = SetDirectory,
        ["zookeeper.connect"] = (settings, line) => (settings.Node.Coordination, settings.Node.CoordinationConnectString) = (false, line.Value),
        ["process.roles"] = CheckRoles,
        ["controller.quorum.voters"] = CheckVoters,
        ["controller.quorum.bootstrap.servers"] = CheckVoters,
        ["authorizer.class.name"] = UseAuthorizer,
        ["super.users"] = (settings, line) => settings.Authorizer.SuperUsers = line.Value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        ["allow.everyone.if.no.acl.found"] = (settings, line) => settings.Authorizer.AllowsEveryoneWithoutRules = line.Switch(),
        ["ssl.principal.mapping.rules"] = (settings, line) => Set(settings, line.Value, (broker, rules) => broker.CertificatePrincipalRules = rules),
        ["auto.create.topics.enable"] = (settings, line) => Set(settings, line.Switch(), (broker, on) => broker.AutoCreateTopics = on),
        ["num.partitions"] = (settings, line) => Set(settings, line.Number(1, 10_000), (broker, count) => broker.DefaultPartitions = count),
        ["socket.request.max.bytes"] = (settings, line) => Set(settings, line.Number(1024, int.MaxValue), (broker, bytes) => broker.MaxProduceRequestBytes = bytes),
        ["fetch.max.bytes"] = (settings, line) => Set(settings, line.Number(1024, int.MaxValue), (broker, bytes) => broker.MaxFetchBytes = bytes),
        ["max.incremental.fetch.session.cache.slots"] = (settings, line) => Set(settings, line.Number(0, int.MaxValue), (broker, most) => broker.MaxFetchSessions = most),
        ["max.connections"] = (settings, line) => Set(settings, line.Number(0, int.MaxValue), (broker, most) => broker.MaxConnections = most),
        ["max.connection.creation.rate"] = (settings, line) => Set(settings, line.Number(1, int.MaxValue), (broker, rate) => broker.MaxConnectionCreationRate = rate),
        ["max.connections.per.ip"] = (settings, line) => Set(settings, line.Number(0, int.MaxValue), (broker, most) => broker.MaxConnectionsPerAddress = most),
        ["max.connections.per.ip.overrides"] = SetOverrides,
        ["connections.max.idle.ms"] = SetIdle,
        ["offsets.topic.num.partitions"] = (settings, line) => Set(settings, line.Number(1, 10_000), (broker, count) => broker.OffsetsPartitions = count),
        ["offset.metadata.max.bytes"] = (settings, line) => Set(settings, line.Number(0, int.MaxValue), (broker, bytes) => broker.MaxOffsetMetadataBytes = bytes),
        ["offsets.retention.minutes"] = (settings, line) => Set(settings, line.Number(1, int.MaxValue), (broker, minutes) => broker.OffsetsRetention = TimeSpan.FromMinutes(minutes)),
        ["offsets.retention.check.interval.ms"] = (settings, line) => SetTime(settings, line, 1, (broker, time) => broker.OffsetsRetentionCheckInterval = time),
        ["group.initial.rebalance.delay.ms"] = (settings, line) => SetTime(settings, line, 0, (broker, time) => broker.GroupInitialRebalanceDelay = time),
        ["group.min.session.timeout.ms"] = (settings, line) => SetTime(settings, line, 0, (broker, time) => broker.GroupMinSessionTimeout = time),
        ["group.max.session.timeout.ms"] = (settings, line) => SetTime(settings, line, 0, (broker, time) => broker.GroupMaxSessionTimeout = time),
        ["group.consumer.session.timeout.ms"] = (settings, line) => SetTime(settings, line, 1, (broker, time) => broker.GroupConsumerSessionTimeout = time),
        ["group.consumer.heartbeat.interval.ms"] = (settings, line) => SetTime(settings, line, 1, (broker, time) => broker.GroupConsumerHeartbeatInterval = time),
        ["group.consumer.min.session.timeout.ms"] = (settings, line) => SetTime(settings, line, 1, (broker, time) => broker.GroupConsumerMinSessionTimeout = time),
        ["group.consumer.max.session.timeout.ms"] = (settings, line) => SetTime(settings, line, 1, (broker, time) => broker.GroupConsumerMaxSessionTimeout = time),
        ["group.consumer.min.heartbeat.interval.ms"] = (settings, line) => SetTime(settings, line, 1, (broker, time) => broker.GroupConsumerMinHeartbeatInterval = time),
        ["group.consumer.max.heartbeat.interval.ms"] = (settings, line) => SetTime(settings, line, 1, (broker, time) => broker.GroupConsumerMaxHeartbeatInterval = time),
        ["group.consumer.migration.policy"] = (settings, line) => Set(settings, MigrationPolicy(line), (broker, policy) => broker.GroupMigrationPolicy = policy),
        ["group.max.size"] = (settings, line) => Set(settings, line.Number(1, int.MaxValue), (broker, most) => broker.MaxGroupMembers = most),
        ["transaction.max.timeout.ms"] = (settings, line) => SetTime(settings, line, 1, (broker, time) => broker.TransactionMaxTimeout = time),
        ["transactional.id.expiration.ms"] = (settings, line) => SetTime(settings, line, 1, (broker, time) => broker.TransactionalIdExpiration = time),
        ["producer.id.expiration.ms"] = (settings, line) => SetTime(settings, line, 1, (broker, time) => broker.ProducerIdExpiration = time),
        ["transaction.state.log.num.partitions"] = (settings, line) => Set(settings, line.Number(1, 10_000), (broker, count) => broker.TransactionPartitions = count),
        ["transaction.abort.timed.out.transaction.cleanup.interval.ms"] = (settings, line) => SetTime(settings, line, 1, (broker, time) => broker.TransactionSweepInterval = time),
        ["log.retention.check.interval.ms"] = (settings, line) => SetTime(settings, line, 1, (broker, time) => broker.RetentionCheckInterval = time),
        ["log.cleaner.backoff.ms"] = (settings, line) => SetTime(settings, line, 1, (broker, time) => broker.CompactionInterval = time),
        ["telemetry.max.bytes"] = (settings, line) => Set(settings, line.Number(1, int.MaxValue), (broker, bytes) => broker.MaxClientTelemetryBytes = bytes),
        ["log.cleaner.dedupe.buffer.size"] = (settings, line) => Set(settings, line.Number(1024 * 1024, int.MaxValue), (broker, bytes) => broker.CompactionMapBytes = bytes),
    };

    public static bool TryApply(KafkaSettings settings, ConfigurationEntry line)
    {
        if (line.Key.StartsWith(ListenerPrefix, StringComparison.Ordinal))
        {
            return TryApplyToListener(settings, line);
        }

        if (KafkaListenerSettings.Keys.TryGetValue(line.Key, out Action<KafkaListenerSettings, ConfigurationEntry>? listen))
        {
            listen(settings.Listeners, line);
            return true;
        }

        if (settings.Tls.TryApply("", line.Key, line) || settings.Sasl.TryApply("", line.Key, line))
        {
            return true;
        }

        if (Meanings.TryGetValue(line.Key, out Action<KafkaSettings, ConfigurationEntry>? apply))
        {
            apply(settings, line);
            return true;
        }

        return TryApplyToTopics(settings, line);
    }

    /// <summary>What follows <c>listener.name.NAME.</c> is for one listener.</summary>
    private static bool TryApplyToListener(KafkaSettings settings, ConfigurationEntry line)
    {
        string rest = line.Key[ListenerPrefix.Length..];
        int dot = rest.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0)
        {
            return false;
        }

        (string listener, string key) = (rest[..dot].ToLowerInvariant(), rest[(dot + 1)..]);
        if (settings.Tls.TryApply(listener, key, line) || settings.Sasl.TryApply(listener, key, line))
        {
            return true;
        }

        switch (key)
        {
            case "ssl.principal.mapping.rules":
                Set(settings, line.Value, (broker, rules) => OptionsOf(broker, listener).CertificatePrincipalRules = rules);
                return true;
            case "max.connections":
                Set(settings, line.Number(0, int.MaxValue), (broker, most) => OptionsOf(broker, listener).MaxConnections = most);
                return true;
            case "max.connection.creation.rate":
                Set(settings, line.Number(1, int.MaxValue), (broker, rate) => OptionsOf(broker, listener).MaxConnectionCreationRate = rate);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The options of one listener, made when there are none.</summary>
    public static ListenerOptions OptionsOf(BrokerOptions broker, string listener)
    {
        if (!broker.PerListener.TryGetValue(listener, out ListenerOptions? own))
        {
            broker.PerListener[listener] = own = new ListenerOptions();
        }

        return own;
    }

    /// <summary>Address and number, with a colon between, one after the other; an address may be a name.</summary>
    private static void SetOverrides(KafkaSettings settings, ConfigurationEntry line)
    {
        foreach (string pair in line.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = pair.LastIndexOf(':');
            if (colon <= 0)
            {
                throw line.Wrong($"'{pair}' must be an address, a colon and how many connections it may have.");
            }

            IPAddress address = (line with { Value = pair[..colon].Trim('[', ']') }).Address();
            int most = (line with { Value = pair[(colon + 1)..] }).Number(0, int.MaxValue);
            Set(settings, most, (broker, number) => broker.MaxConnectionsByAddress[address] = number);
        }
    }

    private static bool TryApplyToTopics(KafkaSettings settings, ConfigurationEntry line)
    {
        if (!BrokerOptions.IsTopicDefault(line.Key))
        {
            return false;
        }

        if (BrokerOptions.ProblemOfTopicDefault(line.Key, line.Value) is { } problem)
        {
            throw line.Wrong(problem);
        }

        Set(settings, line.Value, (broker, value) => broker.TopicDefaults[line.Key] = value);
        return true;
    }

    private static void Set<T>(KafkaSettings settings, T value, Action<BrokerOptions, T> set) => settings.Broker.Add(broker => set(broker, value));

    private static void SetTime(KafkaSettings settings, ConfigurationEntry line, int least, Action<BrokerOptions, TimeSpan> set) =>
        Set(settings, TimeSpan.FromMilliseconds(line.Number(least, int.MaxValue)), set);

    /// <summary>Without a number above zero, connections are never too long idle.</summary>
    private static void SetIdle(KafkaSettings settings, ConfigurationEntry line) => Set(
        settings,
        line.Number(-1, int.MaxValue) is > 0 and var milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : TimeSpan.FromMilliseconds(int.MaxValue),
        (broker, time) => broker.MaxConnectionIdle = time);

    private static void SetId(KafkaSettings settings, ConfigurationEntry line)
    {
        if (line.Number(-1, int.MaxValue) is >= 0 and var id)
        {
            Set(settings, id, (broker, number) => broker.BrokerId = number);
        }
    }

    private static GroupMigrationPolicy MigrationPolicy(ConfigurationEntry line) => line.Value.ToUpperInvariant() switch
    {
        "BIDIRECTIONAL" => GroupMigrationPolicy.Bidirectional,
        "UPGRADE" => GroupMigrationPolicy.Upgrade,
        "DOWNGRADE" => GroupMigrationPolicy.Downgrade,
        "DISABLED" => GroupMigrationPolicy.Disabled,
        _ => throw line.Wrong($"'{line.Value}' cannot be used; it must be bidirectional, upgrade, downgrade or disabled."),
    };

    private static void SetDirectory(KafkaSettings settings, ConfigurationEntry line)
    {
        if (line.Value.Contains(',', StringComparison.Ordinal))
        {
            throw line.Wrong("Freshet keeps its data in one folder: name one.");
        }

        settings.Node.DataDirectory = line.Path();
        ApacheData.RefuseKafka(line.Path());
    }

    private static void CheckRoles(KafkaSettings settings, ConfigurationEntry line)
    {
        if (!line.Value.Split(',', StringSplitOptions.TrimEntries).Contains("broker"))
        {
            throw line.Wrong("This node must have the role broker. Freshet keeps what a controller would in its coordination service.");
        }
    }

    private static void CheckVoters(KafkaSettings settings, ConfigurationEntry line)
    {
        if (line.Value.Contains(',', StringComparison.Ordinal))
        {
            throw line.Wrong("It describes several controllers. Freshet runs without; remove the line, and name a coordination service in zookeeper.connect to share it among brokers.");
        }
    }

    private static void UseAuthorizer(KafkaSettings settings, ConfigurationEntry line) => settings.Authorizer.IsOn = line.Value switch
    {
        "" => false,
        "org.apache.kafka.metadata.authorizer.StandardAuthorizer" or "kafka.security.authorizer.AclAuthorizer" => true,
        _ => throw line.Wrong("Freshet has Kafka's own authorizer only. Remove the line only if you can do without permissions."),
    };
}
