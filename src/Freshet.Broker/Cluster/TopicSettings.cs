using System.Collections.Immutable;
using System.Globalization;
using Freshet.Broker.Partitions;
using Freshet.Protocol.Kafka.Records;

namespace Freshet.Broker.Cluster;

/// <summary>Settings made on one topic; what is not there has its default.</summary>
internal sealed class TopicSettings(ImmutableSortedDictionary<string, string> values)
{
    public static TopicSettings None { get; } = new(ImmutableSortedDictionary<string, string>.Empty);

    public ImmutableSortedDictionary<string, string> Values { get; } = values;

    /// <summary>The value that holds, set or default.</summary>
    public string this[string name] => Values.GetValueOrDefault(name) ?? TopicSettingDefinition.All[name].Default;

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

        return null;
    }

    /// <summary>The settings as a partition takes them.</summary>
    public PartitionOptions Apply(PartitionOptions defaults) => defaults with
    {
        MaxMessageBytes = (int)Number("max.message.bytes"),
        LogAppendTime = this["message.timestamp.type"] == "LogAppendTime",
        Compacted = this["cleanup.policy"].Contains("compact", StringComparison.Ordinal),
        Deletes = this["cleanup.policy"] != "compact",
        Compression = CodecOf(this["compression.type"]),
        TimestampBeforeMax = Span("message.timestamp.before.max.ms"),
        TimestampAfterMax = Span("message.timestamp.after.max.ms"),
        Log = defaults.Log with
        {
            SegmentBytes = (int)Number("segment.bytes"),
            SegmentAge = Span("segment.ms") ?? TimeSpan.MaxValue,
            IndexIntervalBytes = (int)Number("index.interval.bytes"),
            RetentionAge = Retains ? Span("retention.ms") : null,
            RetentionBytes = Retains && Number("retention.bytes") is >= 0 and var bytes ? bytes : null,
            FlushBatches = Number("flush.messages") is < long.MaxValue and var batches ? batches : null,
        },
    };

    /// <summary>Whether old segments are deleted. A topic that is only compacted keeps the newest record of each key for ever.</summary>
    private bool Retains => this["cleanup.policy"].Contains("delete", StringComparison.Ordinal);

    private static Compression? CodecOf(string type) => type switch
    {
        "producer" => null,
        "uncompressed" => Compression.None,
        _ => Enum.Parse<Compression>(type, ignoreCase: true),
    };

    private long Number(string name) => long.Parse(this[name], CultureInfo.InvariantCulture);

    /// <summary>A time in milliseconds; null means for ever.</summary>
    private TimeSpan? Span(string name) => Number(name) is >= 0 and var milliseconds && milliseconds < (long)TimeSpan.MaxValue.TotalMilliseconds
        ? TimeSpan.FromMilliseconds(milliseconds)
        : null;
}
