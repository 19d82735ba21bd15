using System.Globalization;
using Freshet.Broker.Cluster.Topics;

namespace Freshet.Broker.Cluster.Configs;

/// <summary>The broker's settings that hold for all topics which do not set their own, under Kafka's names for them.</summary>
internal static class BrokerSettingNames
{
    /// <summary>Older names that count in minutes or hours; the newer one wins where both are given.</summary>
    private static readonly Dictionary<string, (string Topic, long Milliseconds)> Coarse = new()
    {
        ["log.retention.minutes"] = ("retention.ms", 60_000),
        ["log.retention.hours"] = ("retention.ms", 3_600_000),
        ["log.roll.hours"] = ("segment.ms", 3_600_000),
        ["log.roll.jitter.hours"] = ("segment.jitter.ms", 3_600_000),
    };

    private static readonly Dictionary<string, TopicSettingDefinition> ByBrokerName = TopicSettingDefinition.All.Values.ToDictionary(definition => definition.BrokerName);

    /// <summary>The topic setting behind a broker's setting, or null when it is of another kind.</summary>
    public static TopicSettingDefinition? Find(string brokerName) =>
        ByBrokerName.GetValueOrDefault(brokerName)
        ?? (Coarse.TryGetValue(brokerName, out (string Topic, long Milliseconds) coarse) ? TopicSettingDefinition.All[coarse.Topic] : null);

    /// <summary>What is wrong with a broker's setting; null when it is fine.</summary>
    public static string? Problem(string brokerName, string value) => Find(brokerName) is { } definition
        ? definition.Problem(InTopicUnits(brokerName, value))?.Replace(definition.Name, brokerName, StringComparison.Ordinal)
        : $"'{brokerName}' cannot be changed while the broker runs.";

    /// <summary>Refuses settings that the broker cannot start with.</summary>
    /// <exception cref="ArgumentException">A name is not known or a value not valid.</exception>
    public static void Check(IReadOnlyDictionary<string, string> settings)
    {
        foreach ((string name, string value) in settings)
        {
            string? problem = Find(name) is null ? $"'{name}' is not a setting that holds for topics." : Problem(name, value);
            if (problem is not null)
            {
                throw new ArgumentException(problem, nameof(settings));
            }
        }
    }

    /// <summary>Topic settings out of a broker's; those of other kinds, and values that are not valid, are left out.</summary>
    public static Dictionary<string, string> ToTopicSettings(IReadOnlyDictionary<string, string> settings)
    {
        var topic = new Dictionary<string, string>();
        // Hours first, then minutes, then milliseconds: the finer one replaces the coarser.
        string[] names = [.. settings.Keys];
        Array.Sort(names, (one, other) => Coarse.GetValueOrDefault(other).Milliseconds.CompareTo(Coarse.GetValueOrDefault(one).Milliseconds));
        foreach (string name in names)
        {
            string value = settings[name];
            if (Problem(name, value) is null)
            {
                topic[Find(name)!.Name] = InTopicUnits(name, value);
            }
        }

        return topic;
    }

    private static string InTopicUnits(string brokerName, string value) =>
        Coarse.TryGetValue(brokerName, out (string Topic, long Milliseconds) coarse)
        && long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? (number < 0 ? number : (long)Math.Min((decimal)number * coarse.Milliseconds, long.MaxValue)).ToString(CultureInfo.InvariantCulture)
            : value;
}
