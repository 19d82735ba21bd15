using System.Collections.Immutable;
using System.Globalization;

namespace Freshet.Broker.Cluster.Topics;

/// <summary>Settings made on one topic; what is not there has its default.</summary>
internal sealed class TopicSettings(ImmutableSortedDictionary<string, string> values)
{
    private const string MinLag = "min.compaction.lag.ms";
    private const string MaxLag = "max.compaction.lag.ms";

    public static TopicSettings None { get; } = new(ImmutableSortedDictionary<string, string>.Empty);

    public ImmutableSortedDictionary<string, string> Values { get; } = values;

    /// <summary>The value that holds, set or default.</summary>
    public string Of(string name, TopicDefaults defaults) => Values.GetValueOrDefault(name) ?? defaults[name];

    public static TopicSettings Of(IEnumerable<KeyValuePair<string, string>> values) => new(values.ToImmutableSortedDictionary(StringComparer.Ordinal));

    /// <summary>What is wrong with the settings; null when all is fine.</summary>
    public string? Problem()
    {
        foreach ((string name, string value) in Values)
        {
            string? problem = TopicSettingDefinition.All.TryGetValue(name, out TopicSettingDefinition? definition)
                ? definition.Problem(value)
                : $"Topics have no setting '{name}'.";
            if (problem is not null)
            {
                return problem;
            }
        }

        return LagProblem();
    }

    private string? LagProblem() =>
        Values.TryGetValue(MinLag, out string? min) && Values.TryGetValue(MaxLag, out string? max)
        && long.Parse(min, CultureInfo.InvariantCulture) > long.Parse(max, CultureInfo.InvariantCulture)
            ? $"{MinLag} is {min} and {MaxLag} {max}: no record could be compacted in time."
            : null;
}
