using System.Globalization;
using Freshet.Broker.Cluster.Configs;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups.Settings;

/// <summary>The settings that groups have of their own, and what follows from them and the broker's. A change holds from a member's next heartbeat on.</summary>
/// <param name="configs">Where they are kept; null when groups have none.</param>
internal sealed class GroupSettings(BrokerOptions options, EntityConfigs? configs = null)
{
    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>Groups with something set.</summary>
    public IEnumerable<string> Groups => configs?.NamesBelow(EntityPaths.Groups) ?? [];

    public TimeSpan Of(string group, GroupSetting setting) => setting.In(Own(group), options);

    public IEnumerable<DescribedConfig> Describe(string group)
    {
        IReadOnlyDictionary<string, string> own = Own(group);
        return GroupSetting.All.Select(setting => Describe(setting, own));
    }

    private DescribedConfig Describe(GroupSetting setting, IReadOnlyDictionary<string, string> own)
    {
        string value = setting.OfBroker(options).TotalMilliseconds.ToString(CultureInfo.InvariantCulture);
        List<ConfigSynonym> behind = [new ConfigSynonym(setting.BrokerName, value, ConfigSource.StaticBroker)];
        if (own.TryGetValue(setting.Name, out string? set))
        {
            behind.Insert(0, new ConfigSynonym(setting.Name, set, ConfigSource.Group));
        }

        return new DescribedConfig(setting.Name, behind[0].Value, ReadOnly: false, behind[0].Source, ConfigType.Int, behind) { Documentation = setting.Documentation };
    }

    private IReadOnlyDictionary<string, string> Own(string group) => configs?.Of(EntityPaths.Group(group)) ?? Nothing;
}
