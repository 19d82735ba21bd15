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

    internal static void Crc(Span<byte> batch) =>
        BinaryPrimitives.WriteUInt32BigEndian(batch[RecordBatch.CrcAt..], Crc32C.Compute(batch[RecordBatch.AttributesAt..]));
}
