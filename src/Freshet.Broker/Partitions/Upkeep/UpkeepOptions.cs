using Freshet.Storage.Log.Compaction;

namespace Freshet.Broker.Partitions.Upkeep;

/// <summary>How often partitions are looked after, and what compaction may take.</summary>
internal sealed record UpkeepOptions(TimeSpan RetentionInterval, TimeSpan CompactionInterval, CompactionLimits Compaction)
{
    public static UpkeepOptions Of(BrokerOptions options) => new(
        options.RetentionCheckInterval, options.CompactionInterval,
        new CompactionLimits { MapBytes = options.CompactionMapBytes, BytesPerSecond = options.CompactionBytesPerSecond });
}
