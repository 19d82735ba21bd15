using System.Globalization;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Cluster;

/// <summary>A setting that topics know: its type, Kafka's default, and what is valid.</summary>
/// <param name="Allowed">Values allowed; null means any of the type.</param>
/// <param name="Least">Smallest number allowed.</param>
internal sealed record TopicSettingDefinition(string Name, ConfigType Type, string Default, string[]? Allowed = null, long Least = 0, long Most = long.MaxValue)
{
    /// <summary>Every setting that is told to admin clients, those without effect here included: tools expect to see them.</summary>
    public static IReadOnlyDictionary<string, TopicSettingDefinition> All { get; } = new TopicSettingDefinition[]
    {
        new("cleanup.policy", ConfigType.List, "delete", ["delete", "compact"]),
        new("compression.type", ConfigType.String, "producer", ["producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"]),
        new("delete.retention.ms", ConfigType.Long, "86400000"),
        new("file.delete.delay.ms", ConfigType.Long, "60000"),
        new("flush.messages", ConfigType.Long, "9223372036854775807", Least: 1),
        new("flush.ms", ConfigType.Long, "9223372036854775807"),
        new("index.interval.bytes", ConfigType.Int, "4096", Most: int.MaxValue),
        new("max.compaction.lag.ms", ConfigType.Long, "9223372036854775807", Least: 1),
        new("max.message.bytes", ConfigType.Int, "1048588", Most: int.MaxValue),
        new("message.timestamp.after.max.ms", ConfigType.Long, "3600000"),
        new("message.timestamp.before.max.ms", ConfigType.Long, "9223372036854775807"),
        new("message.timestamp.type", ConfigType.String, "CreateTime", ["CreateTime", "LogAppendTime"]),
        new("min.cleanable.dirty.ratio", ConfigType.Double, "0.5"),
        new("min.compaction.lag.ms", ConfigType.Long, "0"),
        new("min.insync.replicas", ConfigType.Int, "1", Least: 1, Most: int.MaxValue),
        new("preallocate", ConfigType.Bool, "false"),
        new("retention.bytes", ConfigType.Long, "-1", Least: -1),
        new("retention.ms", ConfigType.Long, "604800000", Least: -1),
        new("segment.bytes", ConfigType.Int, "1073741824", Least: 1024, Most: int.MaxValue),
        new("segment.index.bytes", ConfigType.Int, "10485760", Least: 4, Most: int.MaxValue),
        new("segment.jitter.ms", ConfigType.Long, "0"),
        new("segment.ms", ConfigType.Long, "604800000", Least: 1),
        new("unclean.leader.election.enable", ConfigType.Bool, "false"),
    }.ToDictionary(definition => definition.Name);

    /// <summary>What is wrong with a value; null when it is fine.</summary>
    public string? Problem(string value) => Type switch
    {
        ConfigType.Bool => bool.TryParse(value, out _) ? null : $"{Name} is true or false, not '{value}'.",
        ConfigType.Int or ConfigType.Long => IsInRange(value) ? null : $"{Name} is a number from {Least} to {Most}, not '{value}'.",
        ConfigType.Double => IsShare(value) ? null : $"{Name} is a number from 0 to 1, not '{value}'.",
        ConfigType.List => value.Split(',').All(part => Allowed!.Contains(part.Trim())) ? null : NotAllowed(value),
        _ => Allowed is null || Allowed.Contains(value) ? null : NotAllowed(value),
    };

    private bool IsInRange(string value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= Least && number <= Most;

    private static bool IsShare(string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number is >= 0 and <= 1;

    private string NotAllowed(string value) => $"{Name} is one of {string.Join(", ", Allowed!)}, not '{value}'.";
}
