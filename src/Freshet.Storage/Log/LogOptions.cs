using Freshet.Storage.Log.Compaction;
using Freshet.Storage.Records;

namespace Freshet.Storage.Log;

/// <summary>Settings of one partition's log, under the meaning of Kafka's topic configuration of the same name.</summary>
public sealed record LogOptions
{
    /// <summary>Kafka's defaults.</summary>
    public static LogOptions Default { get; } = new();

    /// <summary>Size in bytes at which a segment is closed (segment.bytes). At most 2 GiB - 1, since an index holds 32-bit positions.</summary>
    public int SegmentBytes { get; init; } = 1024 * 1024 * 1024;

    /// <summary>Age of its first record at which a segment is closed (segment.ms), so that retention can reach a slow topic.</summary>
    public TimeSpan SegmentAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Largest time by which a segment is closed before that age (segment.jitter.ms), chosen anew for each, so that logs which
    /// were created together do not all close a segment at once.
    /// </summary>
    public TimeSpan SegmentJitter { get; init; }

    /// <summary>Size in bytes at which an index is full and its segment is closed (segment.index.bytes).</summary>
    public int MaxIndexBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>Bytes of batches per index entry (index.interval.bytes): one page, so that a look-up reads about one page more than it needs.</summary>
    public int IndexIntervalBytes { get; init; } = 4096;

    /// <summary>Age at which closed segments are deleted (retention.ms); null keeps them for ever.</summary>
    public TimeSpan? RetentionAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Size in bytes above which the oldest closed segments are deleted (retention.bytes); null sets no limit.</summary>
    public long? RetentionBytes { get; init; }

    /// <summary>
    /// Batches after which an append waits for the disk (flush.messages, which counts records). Null leaves flushing to the
    /// operating system: what was appended survives the end of the process, not of the machine. 1 makes every append wait;
    /// appends that wait together share one flush.
    /// </summary>
    public long? FlushBatches { get; init; }

    /// <summary>Longest time after which what was appended is forced to disk (flush.ms); null leaves it to the operating system.</summary>
    public TimeSpan? FlushAge { get; init; }

    /// <summary>How long the files of a deleted segment stay, under another name (file.delete.delay.ms). Kafka's own default.</summary>
    public TimeSpan FileDeleteDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How the log is compacted; null does not compact it.</summary>
    public CompactionOptions? Compaction { get; init; }

    /// <summary>Most bytes that a batch's records may have once decompressed, so that small batches cannot claim all memory.</summary>
    public int MaxDecompressedBytes { get; init; } = RecordCodec.DefaultMaxBytes;

    /// <summary>Whether closing a segment or the log forces it to disk. Only data that is thrown away can do without.</summary>
    public bool ForceOnClose { get; init; } = true;
}
