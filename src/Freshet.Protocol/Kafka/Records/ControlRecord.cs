using System.Buffers.Binary;

namespace Freshet.Protocol.Kafka.Records;

/// <summary>The record of a control batch: the end of a transaction (Kafka protocol, control records).</summary>
/// <param name="IsCommit">Whether the transaction committed; otherwise it was aborted.</param>
/// <param name="CoordinatorEpoch">Epoch of the transaction coordinator that wrote it.</param>
public readonly record struct ControlRecord(bool IsCommit, int CoordinatorEpoch)
{
    private const int KeySize = 4;
    private const int ValueSize = 6;

    /// <summary>Reads the marker of a control batch; false when it is a control record of another kind.</summary>
    /// <exception cref="InvalidDataException">The batch's bytes do not hold their records.</exception>
    public static bool TryRead(RecordBatch batch, out ControlRecord marker)
    {
        foreach (Record record in batch.Records)
        {
            if (batch.Attributes.IsControl && record.Key.Length >= KeySize && record.Value.Length >= ValueSize
                && BinaryPrimitives.ReadInt16BigEndian(record.Key[2..]) is short type and (0 or 1))
            {
                marker = new ControlRecord(type == 1, BinaryPrimitives.ReadInt32BigEndian(record.Value[2..]));
                return true;
            }
        }

        marker = default;
        return false;
    }

    /// <summary>Builds the control batch that ends a producer's transaction in one partition.</summary>
    /// <param name="producerId">The producer.</param>
    /// <param name="producerEpoch">Its epoch.</param>
    /// <param name="timestamp">Milliseconds since 1970.</param>
    public byte[] ToBatch(long producerId, short producerEpoch, long timestamp)
    {
        Span<byte> key = stackalloc byte[KeySize];
        Span<byte> value = stackalloc byte[ValueSize];
        key.Clear();
        value.Clear();
        BinaryPrimitives.WriteInt16BigEndian(key[2..], (short)(IsCommit ? 1 : 0));
        BinaryPrimitives.WriteInt32BigEndian(value[2..], CoordinatorEpoch);
        return new RecordBatchBuilder(timestamp)
        {
            ProducerId = producerId,
            ProducerEpoch = producerEpoch,
            Attributes = RecordBatchAttributes.Marker,
        }.Add(key, value).Build();
    }
}
