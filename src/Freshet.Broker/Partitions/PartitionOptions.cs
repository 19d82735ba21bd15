using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log;

namespace Freshet.Broker.Partitions;

/// <summary>Settings of one partition, which come from its topic's configuration.</summary>
internal sealed record PartitionOptions
{
    /// <summary>Kafka's defaults.</summary>
    public static PartitionOptions Default { get; } = new();

    /// <summary>What a broker gives all its partitions.</summary>
    public static PartitionOptions Of(BrokerOptions options) => Default with
    {
        Log = LogOptions.Default with { ForceOnClose = options.ForceSync, MaxDecompressedBytes = options.MaxDecompressedBatchBytes },
        ProducerExpiration = options.ProducerIdExpiration,
    };

    /// <summary>How its log is stored and kept.</summary>
    public LogOptions Log { get; init; } = LogOptions.Default;

    /// <summary>Largest batch accepted in bytes (max.message.bytes): Kafka's default, a mebibyte and the overhead of its oldest clients.</summary>
    public int MaxMessageBytes { get; init; } = 1_048_588;

    /// <summary>Whether records get the time of the append instead of the producer's (message.timestamp.type=LogAppendTime).</summary>
    public bool LogAppendTime { get; init; }

    /// <summary>Whether the topic keeps the last record of each key (cleanup.policy has compact): then every record needs a key.</summary>
    public bool Compacted { get; init; }

    /// <summary>Whether old records are deleted (cleanup.policy has delete, or is empty). Otherwise clients may not delete them either.</summary>
    public bool Deletes { get; init; } = true;

    /// <summary>Codec that batches are stored with; null keeps the producer's (compression.type).</summary>
    public Compression? Compression { get; init; }

    /// <summary>How far back a record's timestamp may be, by the broker's clock (message.timestamp.before.max.ms); null sets no limit.</summary>
    public TimeSpan? TimestampBeforeMax { get; init; }

    /// <summary>
    /// How far ahead a record's timestamp may be (message.timestamp.after.max.ms); null sets no limit. Retention by age keeps a record
    /// from the future until that future has passed.
    /// </summary>
    public TimeSpan? TimestampAfterMax { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Timestamps that records may have now; those of a topic with log append time do not matter.</summary>
    public (long Earliest, long Latest) TimestampsAllowed(long now) => LogAppendTime
        ? (long.MinValue, long.MaxValue)
        : (TimestampBeforeMax is { } before ? now - (long)before.TotalMilliseconds : long.MinValue,
            TimestampAfterMax is { } after ? now + (long)after.TotalMilliseconds : long.MaxValue);

    /// <summary>Time after which an idle idempotent producer is forgotten (producer.id.expiration.ms).</summary>
    public TimeSpan ProducerExpiration { get; init; } = TimeSpan.FromDays(1);
}
