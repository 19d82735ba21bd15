using System.Globalization;
using System.Net;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Cluster.Configs;

/// <summary>
/// What limits connections: what was set on this broker while it runs, else on all brokers, else what it was started with, else
/// Kafka's default. Never changes; a change makes a new one.
/// </summary>
internal sealed class ConnectionSettings
{
    private static readonly Dictionary<string, string> ByDefault = AtStart(new BrokerOptions { DataDirectory = "" });

    private readonly (ConfigSource Source, IReadOnlyDictionary<string, string> Settings)[] _layers;
    private readonly Dictionary<string, int> _numbers;
    private readonly Dictionary<IPAddress, int> _byAddress;

    /// <param name="onBroker">Settings of this broker under Kafka's names; those of other kinds are passed over.</param>
    /// <param name="onAllBrokers">Settings of all brokers, likewise.</param>
    public ConnectionSettings(IReadOnlyDictionary<string, string> onBroker, IReadOnlyDictionary<string, string> onAllBrokers, BrokerOptions options)
    {
        _layers =
        [
            (ConfigSource.DynamicBroker, Valid(onBroker)),
            (ConfigSource.DynamicDefaultBroker, Valid(onAllBrokers)),
            (ConfigSource.StaticBroker, AtStart(options).Except(ByDefault).ToDictionary()),
            (ConfigSource.Default, ByDefault),
        ];
        Names = [.. _layers.SelectMany(layer => layer.Settings.Keys).Distinct()];
        _numbers = Names.Where(name => ConnectionSetting.TypeOf(name) == ConfigType.Int)
            .ToDictionary(name => name, name => int.Parse(Behind(name).First().Value!, CultureInfo.InvariantCulture));
        _byAddress = ConnectionSetting.ParseByAddress(Behind(ConnectionSetting.MaxByAddress).First().Value!)!;
    }

    /// <summary>Names of the settings that have a value.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Most connections at one time.</summary>
    public int Max => _numbers[ConnectionSetting.Max];

    /// <summary>Most new connections per second.</summary>
    public int CreationRate => _numbers[ConnectionSetting.CreationRate];

    /// <summary>Most connections from an address at one time.</summary>
    public int MaxFrom(IPAddress address) => _byAddress.GetValueOrDefault(address, _numbers[ConnectionSetting.MaxPerAddress]);

    /// <summary>Most connections on a listener at one time.</summary>
    public int MaxOn(string listener) => OfListener(listener, ConnectionSetting.Max);

    /// <summary>Most new connections on a listener per second.</summary>
    public int CreationRateOn(string listener) => OfListener(listener, ConnectionSetting.CreationRate);

    /// <summary>The values that a setting has, strongest first.</summary>
    public IEnumerable<ConfigSynonym> Behind(string name)
    {
        foreach ((ConfigSource source, IReadOnlyDictionary<string, string> settings) in _layers)
        {
            if (settings.TryGetValue(name, out string? value))
            {
                yield return new ConfigSynonym(name, value, source);
            }
        }
    }

    private int OfListener(string listener, string name) => _numbers.GetValueOrDefault(ConnectionSetting.Of(listener, name), int.MaxValue);

    private static Dictionary<string, string> Valid(IReadOnlyDictionary<string, string> settings) => settings
        .Where(setting => ConnectionSetting.IsKnown(setting.Key) && ConnectionSetting.ProblemOfValue(setting.Key, setting.Value) is null)
        .ToDictionary();

    private static Dictionary<string, string> AtStart(BrokerOptions options)
    {
        var settings = new Dictionary<string, string>
        {
            [ConnectionSetting.Max] = Text(options.MaxConnections),
            [ConnectionSetting.MaxPerAddress] = Text(options.MaxConnectionsPerAddress),
            [ConnectionSetting.MaxByAddress] = ConnectionSetting.Text(options.MaxConnectionsByAddress),
            [ConnectionSetting.CreationRate] = Text(options.MaxConnectionCreationRate),
        };
        foreach ((string listener, ListenerOptions own) in options.PerListener)
        {
            Add(ConnectionSetting.Of(listener, ConnectionSetting.Max), own.MaxConnections);
            Add(ConnectionSetting.Of(listener, ConnectionSetting.CreationRate), own.MaxConnectionCreationRate);
        }

        return settings;

        void Add(string name, int? value)
        {
            if (value is { } number)
            {
                settings[name] = Text(number);
            }
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
