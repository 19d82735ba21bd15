using Freshet.Broker.Cluster.Configs;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Telemetry;

/// <summary>The subscriptions to clients' metrics: settings like others, read anew when one changes.</summary>
internal sealed class MetricsSubscriptions
{
    private readonly EntityConfigs _configs;
    private readonly Lock _reloading = new();
    private volatile MetricsSubscription[] _all = [];

    public MetricsSubscriptions(EntityConfigs configs)
    {
        _configs = configs;
        _configs.Changed += Reload;
        Reload();
    }

    /// <summary>Subscriptions with something set.</summary>
    public IEnumerable<string> Names => _configs.NamesBelow(EntityPaths.ClientMetrics);

    /// <summary>What is asked of a client now.</summary>
    public AskedMetrics Of(ClientDescription client) => AskedMetrics.Of(client, _all);

    public IEnumerable<DescribedConfig> Describe(string name)
    {
        IReadOnlyDictionary<string, string> own = _configs.Of(EntityPaths.ClientMetric(name));
        return SubscriptionSetting.All.Select(setting => Describe(setting, own));
    }

    private static DescribedConfig Describe(SubscriptionSetting setting, IReadOnlyDictionary<string, string> own)
    {
        ConfigSynonym[] behind = own.TryGetValue(setting.Name, out string? set) ? [new ConfigSynonym(setting.Name, set, ConfigSource.ClientMetrics)] : [];
        return new DescribedConfig(
            setting.Name, setting.In(own), ReadOnly: false, behind.Length > 0 ? ConfigSource.ClientMetrics : ConfigSource.Default, setting.Type, behind)
        {
            Documentation = setting.Documentation,
        };
    }

    private void Reload()
    {
        // Changes of other entities come at the same time; the last to look must be the last to write.
        lock (_reloading)
        {
            _all = [.. Names.Select(name => MetricsSubscription.Of(_configs.Of(EntityPaths.ClientMetric(name)))).OfType<MetricsSubscription>()];
        }
    }
}
