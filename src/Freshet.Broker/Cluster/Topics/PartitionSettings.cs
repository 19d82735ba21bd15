using System.Globalization;
using Freshet.Broker.Partitions;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log.Compaction;

namespace Freshet.Broker.Cluster.Topics;

/// <summary>Turns the settings of a topic, with the defaults behind them, into the options of its partitions.</summary>
internal readonly struct PartitionSettings(TopicSettings settings, TopicDefaults defaults)
{
    /// <param name="basis">What no topic sets.</param>
    public PartitionOptions Apply(PartitionOptions basis) => basis with
    {
        MaxMessageBytes = (int)Number("max.message.bytes"),
        LogAppendTime = Text("message.timestamp.type") == "LogAppendTime",
        Compacted = Has("compact"),
        Deletes = Text("cleanup.policy") != "compact",
        Compression = CodecOf(Text("compression.type")),
        TimestampBeforeMax = Span("message.timestamp.before.max.ms"),
        TimestampAfterMax = Span("message.timestamp.after.max.ms"),
        Log = basis.Log with
        {
            SegmentBytes = (int)Number("segment.bytes"),
            SegmentAge = SegmentAge,
            SegmentJitter = Span("segment.jitter.ms") ?? TimeSpan.Zero,
            MaxIndexBytes = (int)Number("segment.index.bytes"),
            FlushAge = Span("flush.ms") is { } flush && flush <= LongestDelay ? flush : null,
            FileDeleteDelay = Span("file.delete.delay.ms") is { } delay && delay <= LongestDelay ? delay : LongestDelay,
            Compaction = Has("compact") ? Compaction : null,
            IndexIntervalBytes = (int)Number("index.interval.bytes"),
            RetentionAge = Has("delete") ? Span("retention.ms") : null,
            RetentionBytes = Has("delete") && Number("retention.bytes") is >= 0 and var bytes ? bytes : null,
            FlushBatches = Number("flush.messages") is < long.MaxValue and var batches ? batches : null,
        },
    };

    /// <summary>The longest that a timer can wait.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(49);

    /// <summary>The active segment is not compacted, so a bound on the lag of compaction bounds its age too.</summary>
    private TimeSpan SegmentAge
    {
        get
        {
            TimeSpan age = Span("segment.ms") ?? TimeSpan.MaxValue;
            return Has("compact") && Span("max.compaction.lag.ms") is { } lag && lag < age ? lag : age;
        }
    }

    private CompactionOptions Compaction => new()
    {
        MinDirtyRatio = double.Parse(Text("min.cleanable.dirty.ratio"), CultureInfo.InvariantCulture),
        MinLag = Span("min.compaction.lag.ms") ?? TimeSpan.MaxValue,
        MaxLag = Span("max.compaction.lag.ms"),
        DeleteRetention = Span("delete.retention.ms") ?? TimeSpan.MaxValue,
    };

    private static Compression? CodecOf(string type) => type switch
    {
        "producer" => null,
        "uncompressed" => Compression.None,
        _ => Enum.Parse<Compression>(type, ignoreCase: true),
    };

    /// <summary>Whether the cleanup policy says so. A topic that is only compacted keeps the newest record of each key for ever.</summary>
    private bool Has(string policy) => Text("cleanup.policy").Contains(policy, StringComparison.Ordinal);

    private string Text(string name) => settings.Of(name, defaults);

    private long Number(string name) => long.Parse(Text(name), CultureInfo.InvariantCulture);

    /// <summary>A time in milliseconds; null means for ever.</summary>
    private TimeSpan? Span(string name) => Number(name) is >= 0 and var milliseconds && milliseconds < (long)TimeSpan.MaxValue.TotalMilliseconds
        ? TimeSpan.FromMilliseconds(milliseconds)
        : null;
}
