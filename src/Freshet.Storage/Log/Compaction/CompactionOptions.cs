namespace Freshet.Storage.Log.Compaction;

/// <summary>When and how a log is compacted, under the meaning of Kafka's topic configuration of the same name.</summary>
public sealed record CompactionOptions
{
    /// <summary>Share of bytes not compacted yet above which a log is compacted (min.cleanable.dirty.ratio). Kafka's own default.</summary>
    public double MinDirtyRatio { get; init; } = 0.5;

    /// <summary>Shortest time that a record stays out of compaction (min.compaction.lag.ms).</summary>
    public TimeSpan MinLag { get; init; }

    /// <summary>Longest time that a record stays out of compaction (max.compaction.lag.ms); null sets no limit.</summary>
    public TimeSpan? MaxLag { get; init; }

    /// <summary>How long tombstones and markers stay once they could go (delete.retention.ms). Kafka's own default.</summary>
    public TimeSpan DeleteRetention { get; init; } = TimeSpan.FromDays(1);
}
