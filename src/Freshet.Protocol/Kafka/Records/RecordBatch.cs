using System.Buffers.Binary;

namespace Freshet.Protocol.Kafka.Records;

/// <summary>
/// A view of one record batch, format 2, over bytes that someone else owns (Kafka protocol, record batch). Reading a field
/// costs a load, nothing is decoded before. The bytes are checked by <see cref="Check"/>, not by the properties.
/// </summary>
public readonly ref struct RecordBatch
{
    /// <summary>Bytes before the batch length counts: base offset and the length itself.</summary>
    public const int LengthOverhead = 12;

    /// <summary>Bytes before the records.</summary>
    public const int HeaderSize = 61;

    /// <summary>The only format that is written today.</summary>
    public const byte CurrentMagic = 2;

    /// <summary>Value of <see cref="ProducerId"/> when the producer is not idempotent.</summary>
    public const long NoProducerId = -1;

    internal const int LengthAt = 8;
    internal const int LeaderEpochAt = 12;
    internal const int MagicAt = 16;
    internal const int CrcAt = 17;
    internal const int AttributesAt = 21;
    internal const int LastOffsetDeltaAt = 23;
    internal const int BaseTimestampAt = 27;
    internal const int MaxTimestampAt = 35;
    internal const int ProducerIdAt = 43;
    internal const int ProducerEpochAt = 51;
    internal const int BaseSequenceAt = 53;
    internal const int RecordCountAt = 57;

    /// <summary>Views a batch whose header is there; call <see cref="Check"/> before trusting more than the size.</summary>
    /// <param name="bytes">At least <see cref="HeaderSize"/> bytes; the records may be missing when only the header is needed.</param>
    public RecordBatch(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes.Length, HeaderSize, nameof(bytes));
        Bytes = bytes;
    }

    /// <summary>The bytes viewed.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Offset of the first record.</summary>
    public long BaseOffset => BinaryPrimitives.ReadInt64BigEndian(Bytes);

    /// <summary>Size of the whole batch in bytes, as its header says.</summary>
    public int Size => LengthOverhead + BinaryPrimitives.ReadInt32BigEndian(Bytes[LengthAt..]);

    /// <summary>Epoch of the leader that appended the batch.</summary>
    public int LeaderEpoch => BinaryPrimitives.ReadInt32BigEndian(Bytes[LeaderEpochAt..]);

    /// <summary>Number of the batch format.</summary>
    public byte Magic => Bytes[MagicAt];

    /// <summary>CRC-32C of everything from the attributes on.</summary>
    public uint Crc => BinaryPrimitives.ReadUInt32BigEndian(Bytes[CrcAt..]);

    /// <summary>Codec, timestamp type and kind of the batch.</summary>
    public RecordBatchAttributes Attributes => new(BinaryPrimitives.ReadInt16BigEndian(Bytes[AttributesAt..]));

    /// <summary>Distance from the first to the last offset.</summary>
    public int LastOffsetDelta => BinaryPrimitives.ReadInt32BigEndian(Bytes[LastOffsetDeltaAt..]);

    /// <summary>Offset of the last record.</summary>
    public long LastOffset => BaseOffset + LastOffsetDelta;

    /// <summary>Milliseconds since 1970 that the records' timestamps count from.</summary>
    public long BaseTimestamp => BinaryPrimitives.ReadInt64BigEndian(Bytes[BaseTimestampAt..]);

    /// <summary>Largest timestamp of the records, in milliseconds since 1970.</summary>
    public long MaxTimestamp => BinaryPrimitives.ReadInt64BigEndian(Bytes[MaxTimestampAt..]);

    /// <summary>Id of the idempotent producer, or <see cref="NoProducerId"/>.</summary>
    public long ProducerId => BinaryPrimitives.ReadInt64BigEndian(Bytes[ProducerIdAt..]);

    /// <summary>Epoch of the idempotent producer, or -1.</summary>
    public short ProducerEpoch => BinaryPrimitives.ReadInt16BigEndian(Bytes[ProducerEpochAt..]);

    /// <summary>Sequence number of the first record, or -1.</summary>
    public int BaseSequence => BinaryPrimitives.ReadInt32BigEndian(Bytes[BaseSequenceAt..]);

    /// <summary>Number of records.</summary>
    public int RecordCount => BinaryPrimitives.ReadInt32BigEndian(Bytes[RecordCountAt..]);

    /// <summary>Whether an idempotent producer sent the batch.</summary>
    public bool HasProducerId => ProducerId != NoProducerId;

    /// <summary>The records, readable when the batch is complete and not compressed.</summary>
    /// <exception cref="InvalidDataException">The batch is compressed.</exception>
    public RecordEnumerator Records => Attributes.Compression == Compression.None
        ? new RecordEnumerator(Bytes[HeaderSize..Size], BaseOffset, BaseTimestamp, RecordCount)
        : throw new InvalidDataException($"The batch at offset {BaseOffset} is compressed with {Attributes.Compression}; its records cannot be read here.");

    /// <summary>The records of a compressed batch.</summary>
    /// <param name="decompressed">What the codec made of its bytes.</param>
    public RecordEnumerator RecordsIn(ReadOnlySpan<byte> decompressed) => new(decompressed, BaseOffset, BaseTimestamp, RecordCount);

    /// <summary>Takes the next complete batch off <paramref name="rest"/>; false when none is left.</summary>
    /// <remarks>Only the size is checked: what a log returns was checked when it was appended.</remarks>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> rest, out RecordBatch batch)
    {
        if (TryReadSize(rest, out int size) && size >= HeaderSize && size <= rest.Length)
        {
            batch = new RecordBatch(rest[..size]);
            rest = rest[size..];
            return true;
        }

        batch = default;
        return false;
    }

    /// <summary>Reads the size of the batch that starts here, once its first 12 bytes are there. The size may be nonsense.</summary>
    public static bool TryReadSize(ReadOnlySpan<byte> start, out int size)
    {
        if (start.Length < LengthOverhead)
        {
            size = 0;
            return false;
        }

        // A length near the largest int must not wrap into a small size.
        long wide = (long)LengthOverhead + BinaryPrimitives.ReadInt32BigEndian(start[LengthAt..]);
        size = wide > int.MaxValue ? int.MaxValue : (int)wide;
        return true;
    }

    /// <summary>Checks that <paramref name="bytes"/> hold exactly one intact batch: size, format, checksum and counts.</summary>
    public static RecordBatchFault Check(ReadOnlySpan<byte> bytes)
    {
        // Older formats are shorter and keep the magic at the same place; they are told apart before their size is judged.
        if (bytes.Length > MagicAt && bytes[MagicAt] < CurrentMagic)
        {
            return RecordBatchFault.OldFormat;
        }

        if (bytes.Length < HeaderSize || !TryReadSize(bytes, out int size) || size != bytes.Length)
        {
            return RecordBatchFault.WrongSize;
        }

        var batch = new RecordBatch(bytes);
        if (batch.Magic != CurrentMagic)
        {
            return RecordBatchFault.UnknownFormat;
        }

        if (Crc32C.Compute(bytes[AttributesAt..]) != batch.Crc)
        {
            return RecordBatchFault.WrongCrc;
        }

        return batch.RecordCount < 0 || batch.LastOffsetDelta < 0 ? RecordBatchFault.WrongCount : RecordBatchFault.None;
    }
}
