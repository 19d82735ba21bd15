using System.Buffers.Binary;

namespace Freshet.Protocol.Kafka.Records;

/// <summary>Writes what a broker adds to a producer's batch, in place.</summary>
public static class RecordBatchStamp
{
    /// <summary>Sets the base offset and the leader epoch; both lie outside the checksum.</summary>
    public static void Offset(Span<byte> batch, long baseOffset, int leaderEpoch)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch, baseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatch.LeaderEpochAt..], leaderEpoch);
    }

    /// <summary>Makes the time of the append the timestamp of all records, and the checksum right again.</summary>
    /// <param name="batch">A complete batch.</param>
    /// <param name="milliseconds">Since 1970.</param>
    public static void LogAppendTime(Span<byte> batch, long milliseconds)
    {
        Span<byte> attributes = batch[RecordBatch.AttributesAt..];
        short bits = BinaryPrimitives.ReadInt16BigEndian(attributes);
        BinaryPrimitives.WriteInt16BigEndian(attributes, (short)(bits | RecordBatchAttributes.LogAppendTimeBit));
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatch.MaxTimestampAt..], milliseconds);
        Crc(batch);
    }

    /// <summary>Makes the producer's times those of the records, and the checksum right again.</summary>
    /// <param name="batch">A complete batch.</param>
    /// <param name="maxTimestamp">The largest of them, milliseconds since 1970, or -1.</param>
    public static void CreateTime(Span<byte> batch, long maxTimestamp)
    {
        Span<byte> attributes = batch[RecordBatch.AttributesAt..];
        int others = BinaryPrimitives.ReadInt16BigEndian(attributes) & ~RecordBatchAttributes.LogAppendTimeBit;
        BinaryPrimitives.WriteInt16BigEndian(attributes, (short)others);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatch.MaxTimestampAt..], maxTimestamp);
        Crc(batch);
    }

    /// <summary>Makes header and records of a rewritten batch fit each other: its size, the codec, the number of records and the checksum.</summary>
    /// <param name="batch">A header, whose other fields stay, and the encoded records.</param>
    /// <param name="codec">How the records are compressed.</param>
    /// <param name="count">Number of records; the offsets that the batch covers stay.</param>
    public static void Records(Span<byte> batch, Compression codec, int count)
    {
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatch.LengthAt..], batch.Length - RecordBatch.LengthOverhead);
        Span<byte> attributes = batch[RecordBatch.AttributesAt..];
        int others = BinaryPrimitives.ReadInt16BigEndian(attributes) & ~RecordBatchAttributes.CompressionMask;
        BinaryPrimitives.WriteInt16BigEndian(attributes, (short)(others | (int)codec));
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatch.RecordCountAt..], count);
        Crc(batch);
    }

    /// <summary>Sets the times of a header; <see cref="Records"/> makes the checksum right afterwards.</summary>
    /// <param name="batch">At least a header.</param>
    /// <param name="baseTimestamp">Time that the records' timestamps count from, milliseconds since 1970.</param>
    /// <param name="maxTimestamp">Largest timestamp of the records, or -1.</param>
    /// <param name="isDeleteHorizon">Whether the base timestamp is a delete horizon.</param>
    public static void Times(Span<byte> batch, long baseTimestamp, long maxTimestamp, bool isDeleteHorizon)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatch.BaseTimestampAt..], baseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatch.MaxTimestampAt..], maxTimestamp);
        Span<byte> attributes = batch[RecordBatch.AttributesAt..];
        int others = BinaryPrimitives.ReadInt16BigEndian(attributes) & ~RecordBatchAttributes.DeleteHorizonBit;
        BinaryPrimitives.WriteInt16BigEndian(attributes, (short)(isDeleteHorizon ? others | RecordBatchAttributes.DeleteHorizonBit : others));
    }

    internal static void Crc(Span<byte> batch) =>
        BinaryPrimitives.WriteUInt32BigEndian(batch[RecordBatch.CrcAt..], Crc32C.Compute(batch[RecordBatch.AttributesAt..]));
}
