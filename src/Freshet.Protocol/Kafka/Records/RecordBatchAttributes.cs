namespace Freshet.Protocol.Kafka.Records;

/// <summary>The attribute bits of a record batch (Kafka protocol, record batch).</summary>
/// <param name="Bits">As they stand in the header.</param>
public readonly record struct RecordBatchAttributes(short Bits)
{
    internal const short CompressionMask = 0b111;
    internal const short LogAppendTimeBit = 1 << 3;
    internal const short TransactionalBit = 1 << 4;
    internal const short ControlBit = 1 << 5;
    internal const short DeleteHorizonBit = 1 << 6;

    /// <summary>Those of a batch of a transaction.</summary>
    public static RecordBatchAttributes Transactional => new(TransactionalBit);

    /// <summary>Those of a batch that ends a transaction.</summary>
    public static RecordBatchAttributes Marker => new(TransactionalBit | ControlBit);

    /// <summary>Codec of the records; values above <see cref="Compression.Zstd"/> are unknown.</summary>
    public Compression Compression => (Compression)(Bits & CompressionMask);

    /// <summary>Whether timestamps are the time of the append rather than the producer's.</summary>
    public bool IsLogAppendTime => (Bits & LogAppendTimeBit) != 0;

    /// <summary>Whether the batch belongs to a transaction.</summary>
    public bool IsTransactional => (Bits & TransactionalBit) != 0;

    /// <summary>Whether the batch holds a control record (a transaction's end) rather than data.</summary>
    public bool IsControl => (Bits & ControlBit) != 0;

    /// <summary>Whether the base timestamp is the time from which compaction may drop the batch's tombstones or marker.</summary>
    public bool HasDeleteHorizon => (Bits & DeleteHorizonBit) != 0;
}
