namespace Freshet.Storage.Log.Compaction;

/// <summary>What one run of compaction may take of the machine.</summary>
public sealed record CompactionLimits
{
    /// <summary>Bytes of memory that one key takes in the map of keys.</summary>
    internal const int BytesPerKey = 48;

    /// <summary>Memory in bytes for the map of keys (log.cleaner.dedupe.buffer.size); a log with more keys takes several runs. Kafka's own default.</summary>
    public long MapBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>Most bytes read and written per second (log.cleaner.io.max.bytes.per.second); null sets no limit.</summary>
    public long? BytesPerSecond { get; init; }

    internal int MaxKeys => (int)Math.Clamp(MapBytes / BytesPerKey, 1, int.MaxValue / 2);
}
