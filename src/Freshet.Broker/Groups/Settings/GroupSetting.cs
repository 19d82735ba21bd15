using System.Globalization;

namespace Freshet.Broker.Groups.Settings;

/// <summary>A setting that a group may have of its own; the broker's holds for the others.</summary>
/// <param name="Documentation">What it does, for people.</param>
/// <param name="OfBroker">The broker's value.</param>
/// <param name="Range">What the broker allows.</param>
internal sealed record GroupSetting(
    string Name, string Documentation, Func<BrokerOptions, TimeSpan> OfBroker, Func<BrokerOptions, (TimeSpan Min, TimeSpan Max)> Range)
{
    public static GroupSetting SessionTimeout { get; } = new(
        "consumer.session.timeout.ms", "Time without a heartbeat after which a member of the consumer protocol is taken for dead.",
        options => options.GroupConsumerSessionTimeout, options => (options.GroupConsumerMinSessionTimeout, options.GroupConsumerMaxSessionTimeout));

    public static GroupSetting HeartbeatInterval { get; } = new(
        "consumer.heartbeat.interval.ms", "Time between the heartbeats of a member of the consumer protocol.",
        options => options.GroupConsumerHeartbeatInterval, options => (options.GroupConsumerMinHeartbeatInterval, options.GroupConsumerMaxHeartbeatInterval));

    /// <summary>Settings of share and streams groups are none here, as there are no such groups.</summary>
    public static IReadOnlyList<GroupSetting> All { get; } = [HeartbeatInterval, SessionTimeout];

    /// <summary>What it is called on the broker.</summary>
    public string BrokerName => $"group.{Name}";

    /// <summary>What is wrong with the settings of a group; null when nothing is.</summary>
    public static string? Problem(IReadOnlyDictionary<string, string> settings, BrokerOptions options)
    {
        foreach ((string name, string value) in settings)
        {
            string? problem = All.FirstOrDefault(setting => setting.Name == name) is { } known ? known.Problem(value, options)
                : $"Groups have no setting '{name}'; they have {string.Join(", ", All.Select(setting => setting.Name))}.";
            if (problem is not null)
            {
                return problem;
            }
        }

        TimeSpan heartbeat = HeartbeatInterval.In(settings, options);
        TimeSpan session = SessionTimeout.In(settings, options);
        return settings.Count == 0 || heartbeat < session ? null
            : $"{HeartbeatInterval.Name} ({heartbeat.TotalMilliseconds}) must be shorter than {SessionTimeout.Name} ({session.TotalMilliseconds}).";
    }

    /// <summary>What holds in a group with these settings of its own. One that the broker no longer allows counts as the nearest that it does.</summary>
    public TimeSpan In(IReadOnlyDictionary<string, string> settings, BrokerOptions options)
    {
        if (!settings.TryGetValue(Name, out string? own) || !TryParse(own, out TimeSpan value))
        {
            return OfBroker(options);
        }

        (TimeSpan least, TimeSpan most) = Range(options);
        return value < least ? least : value > most ? most : value;
    }

    private string? Problem(string value, BrokerOptions options)
    {
        (TimeSpan least, TimeSpan most) = Range(options);
        return TryParse(value, out TimeSpan time) && time >= least && time <= most ? null
            : $"{Name} is a number of milliseconds from {least.TotalMilliseconds} to {most.TotalMilliseconds}, not '{value}'.";
    }

    private static bool TryParse(string value, out TimeSpan time)
    {
        bool isNumber = int.TryParse(value.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds);
        time = TimeSpan.FromMilliseconds(milliseconds);
        return isNumber;
    }
}
