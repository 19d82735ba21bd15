using System.Globalization;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Telemetry;

/// <summary>A setting of a subscription to clients' metrics.</summary>
/// <param name="Documentation">What it does, for people.</param>
internal sealed record SubscriptionSetting(string Name, ConfigType Type, string Default, string Documentation)
{
    private const int LeastInterval = 100;
    private const int MostInterval = 3_600_000;

    public static SubscriptionSetting Interval { get; } = new(
        "interval.ms", ConfigType.Int, "300000", "Milliseconds between two pushes of a client; the shortest of all that a client is subscribed by, and at most 5 minutes.");

    public static SubscriptionSetting Match { get; } = new(
        "match", ConfigType.List, "", $"Clients that it is for, as attribute=pattern; all when there is none. Attributes are {string.Join(", ", ClientDescription.Attributes)}.");

    public static SubscriptionSetting Metrics { get; } = new(
        "metrics", ConfigType.List, "", "Beginnings of the names of the metrics that are asked for; * asks for all.");

    public static IReadOnlyList<SubscriptionSetting> All { get; } = [Interval, Match, Metrics];

    /// <summary>The value among those that are set.</summary>
    public string In(IReadOnlyDictionary<string, string> settings) => settings.GetValueOrDefault(Name) ?? Default;

    /// <summary>The value of a list that is not set, by the list's name; null for what is no list.</summary>
    public static string? List(string name) => All.FirstOrDefault(setting => setting.Name == name && setting.Type == ConfigType.List)?.Default;

    /// <summary>What is wrong with the settings of a subscription; no error when nothing is.</summary>
    public static (ErrorCode Error, string? Problem) Check(IReadOnlyDictionary<string, string> settings)
    {
        if (settings.Keys.FirstOrDefault(name => All.All(setting => setting.Name != name)) is { } unknown)
        {
            return (ErrorCode.InvalidRequest, $"Unknown client metrics configuration: {unknown}; there are {string.Join(", ", All.Select(setting => setting.Name))}.");
        }

        if (!int.TryParse(Interval.In(settings).AsSpan().Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int interval))
        {
            return (ErrorCode.InvalidConfig, $"{Interval.Name} is a number of milliseconds, not '{Interval.In(settings)}'.");
        }

        return interval is < LeastInterval or > MostInterval ? (ErrorCode.InvalidRequest, $"{Interval.Name} must be between {LeastInterval} and {MostInterval} (1 hour), not {interval}.")
            : ClientMatch.TryParse(Match.In(settings), out _, out string? wrong) ? (ErrorCode.None, null)
            : (ErrorCode.InvalidConfig, $"Illegal client matching pattern: {wrong}. One is written attribute=pattern; attributes are {string.Join(", ", ClientDescription.Attributes)}.");
    }
}
