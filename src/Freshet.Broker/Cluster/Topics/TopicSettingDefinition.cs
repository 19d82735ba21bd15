using System.Globalization;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Cluster.Topics;

/// <summary>A setting that topics know: its type, Kafka's default, and what is valid.</summary>
/// <param name="BrokerName">What it is called on the broker, where it holds for all topics that do not set it.</param>
/// <param name="Documentation">What it does, for people.</param>
/// <param name="Allowed">Values allowed; null means any of the type.</param>
/// <param name="Min">Smallest number allowed.</param>
internal sealed record TopicSettingDefinition(
    string Name, string BrokerName, string Documentation, ConfigType Type, string Default, string[]? Allowed = null, long Min = 0, long Max = long.MaxValue)
{
    /// <summary>Every setting that is told to admin clients, those without effect here included: tools expect to see them.</summary>
    public static IReadOnlyDictionary<string, TopicSettingDefinition> All { get; } = new TopicSettingDefinition[]
    {
        new("cleanup.policy", "log.cleanup.policy", "What happens to old records: they are deleted, or only the newest of each key is kept, or both.", ConfigType.List, "delete", ["delete", "compact"]),
        new("compression.gzip.level", "compression.gzip.level", "How hard gzip tries; accepted, without effect here.", ConfigType.Int, "-1", ["-1", "1", "2", "3", "4", "5", "6", "7", "8", "9"], Min: -1),
        new("compression.lz4.level", "compression.lz4.level", "How hard LZ4 tries; accepted, without effect here.", ConfigType.Int, "9", Min: 1, Max: 17),
        new("compression.type", "compression.type", "Codec that records are stored with; producer keeps what the producer chose.", ConfigType.String, "producer", ["producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"]),
        new("compression.zstd.level", "compression.zstd.level", "How hard Zstandard tries; accepted, without effect here.", ConfigType.Int, "3", Min: -131072, Max: 22),
        new("delete.retention.ms", "log.cleaner.delete.retention.ms", "How long a compacted topic still shows that a key was deleted.", ConfigType.Long, "86400000"),
        new("file.delete.delay.ms", "log.segment.delete.delay.ms", "How long the file of a deleted segment stays on the disk.", ConfigType.Long, "60000"),
        new("flush.messages", "log.flush.interval.messages", "Batches after which an append waits for the disk.", ConfigType.Long, "9223372036854775807", Min: 1),
        new("flush.ms", "log.flush.interval.ms", "Longest time after which appended records are forced to the disk.", ConfigType.Long, "9223372036854775807"),
        new("index.interval.bytes", "log.index.interval.bytes", "Bytes of records per index entry.", ConfigType.Int, "4096", Max: int.MaxValue),
        new("local.retention.bytes", "log.local.retention.bytes", "Size kept on the broker where older segments are elsewhere too; accepted, without effect here.", ConfigType.Long, "-2", Min: -2),
        new("local.retention.ms", "log.local.retention.ms", "Age kept on the broker where older segments are elsewhere too; accepted, without effect here.", ConfigType.Long, "-2", Min: -2),
        new("max.compaction.lag.ms", "log.cleaner.max.compaction.lag.ms", "Longest time that a record stays out of compaction.", ConfigType.Long, "9223372036854775807", Min: 1),
        new("max.message.bytes", "message.max.bytes", "Largest batch accepted.", ConfigType.Int, "1048588", Max: int.MaxValue),
        new("message.timestamp.after.max.ms", "log.message.timestamp.after.max.ms", "How far ahead of the broker's clock a timestamp may be.", ConfigType.Long, "3600000"),
        new("message.timestamp.before.max.ms", "log.message.timestamp.before.max.ms", "How far behind the broker's clock a timestamp may be.", ConfigType.Long, "9223372036854775807"),
        new("message.timestamp.type", "log.message.timestamp.type", "Whether records keep the producer's time or get that of their append.", ConfigType.String, "CreateTime", ["CreateTime", "LogAppendTime"]),
        new("min.cleanable.dirty.ratio", "log.cleaner.min.cleanable.ratio", "Share of bytes not compacted yet at which a log is compacted.", ConfigType.Double, "0.5"),
        new("min.compaction.lag.ms", "log.cleaner.min.compaction.lag.ms", "Shortest time that a record stays out of compaction.", ConfigType.Long, "0"),
        new("min.insync.replicas", "min.insync.replicas", "Copies that must be in sync for a write with acks=all.", ConfigType.Int, "1", Min: 1, Max: int.MaxValue),
        new("preallocate", "log.preallocate", "Whether segment files get their full size at once; accepted, without effect here.", ConfigType.Bool, "false"),
        new("retention.bytes", "log.retention.bytes", "Size above which the oldest segments of a partition are deleted; -1 sets no limit.", ConfigType.Long, "-1", Min: -1),
        new("retention.ms", "log.retention.ms", "Age at which segments are deleted; -1 keeps them for ever.", ConfigType.Long, "604800000", Min: -1),
        new("segment.bytes", "log.segment.bytes", "Size at which a segment is closed.", ConfigType.Int, "1073741824", Min: 1024, Max: int.MaxValue),
        new("segment.index.bytes", "log.index.size.max.bytes", "Largest index of a segment; a segment with a full index is closed.", ConfigType.Int, "10485760", Min: 4, Max: int.MaxValue),
        new("segment.jitter.ms", "log.roll.jitter.ms", "Largest time by which segments are closed early, so that not all are closed at once.", ConfigType.Long, "0"),
        new("segment.ms", "log.roll.ms", "Age at which a segment is closed.", ConfigType.Long, "604800000", Min: 1),
        new("unclean.leader.election.enable", "unclean.leader.election.enable", "Whether a copy that is behind may lead; without effect while there is one copy.", ConfigType.Bool, "false"),
    }.ToDictionary(definition => definition.Name);

    /// <summary>What is wrong with a value; null when it is fine.</summary>
    public string? Problem(string value) => Type switch
    {
        ConfigType.Bool => bool.TryParse(value, out _) ? null : $"{Name} is true or false, not '{value}'.",
        ConfigType.Int or ConfigType.Long => IsInRange(value) ? null : $"{Name} is a number from {Min} to {Max}, not '{value}'.",
        ConfigType.Double => IsShare(value) ? null : $"{Name} is a number from 0 to 1, not '{value}'.",
        ConfigType.List => value.Length == 0 || value.Split(',').All(part => Allowed!.Contains(part.Trim())) ? null : NotAllowed(value),
        _ => Allowed is null || Allowed.Contains(value) ? null : NotAllowed(value),
    };

    private bool IsInRange(string value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= Min && number <= Max
        && (Allowed is null || Allowed.Contains(value));

    private static bool IsShare(string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number is >= 0 and <= 1;

    private string NotAllowed(string value) => $"{Name} is one of {string.Join(", ", Allowed!)}, not '{value}'.";
}
