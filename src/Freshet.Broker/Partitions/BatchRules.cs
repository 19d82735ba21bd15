using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Records;

namespace Freshet.Broker.Partitions;

/// <summary>What a producer's batch must be, before it is given an offset (Kafka protocol, Produce).</summary>
internal static class BatchRules
{
    /// <summary>Judges a batch by itself.</summary>
    /// <param name="ownRecords">Whether the broker wrote the batch itself, and may write control records.</param>
    public static (ErrorCode Error, string? Message) Check(ReadOnlySpan<byte> bytes, PartitionOptions options, bool ownRecords)
    {
        if (bytes.Length > options.MaxMessageBytes)
        {
            return (ErrorCode.MessageTooLarge, $"The batch has {bytes.Length} bytes, the topic takes {options.MaxMessageBytes} (max.message.bytes).");
        }

        if (bytes.Length > options.Log.SegmentBytes)
        {
            return (ErrorCode.RecordListTooLarge, $"The batch has {bytes.Length} bytes, a segment {options.Log.SegmentBytes} (segment.bytes).");
        }

        RecordBatchFault fault = RecordBatch.Check(bytes);
        return fault == RecordBatchFault.None ? CheckIntact(new RecordBatch(bytes), options, ownRecords) : Of(fault, bytes);
    }

    private static (ErrorCode Error, string? Message) Of(RecordBatchFault fault, ReadOnlySpan<byte> bytes) => fault switch
    {
        RecordBatchFault.OldFormat => (ErrorCode.InvalidRecord, "Message formats 0 and 1 are gone; use a client of Kafka 0.11 or later."),
        RecordBatchFault.WrongSize when HoldsSeveral(bytes) => (ErrorCode.InvalidRecord, "A request holds exactly one batch per partition."),
        RecordBatchFault.WrongCrc => (ErrorCode.CorruptMessage, "The batch does not match its checksum."),
        RecordBatchFault.WrongSize => (ErrorCode.CorruptMessage, "The batch's length does not match its bytes."),
        _ => (ErrorCode.InvalidRecord, $"The batch has a header that cannot be right ({fault})."),
    };

    private static bool HoldsSeveral(ReadOnlySpan<byte> bytes) => RecordBatch.TryTake(ref bytes, out _) && !bytes.IsEmpty;

    private static (ErrorCode Error, string? Message) CheckIntact(RecordBatch batch, PartitionOptions options, bool ownRecords)
    {
        if (batch.RecordCount == 0 || batch.RecordCount != batch.LastOffsetDelta + 1)
        {
            return (ErrorCode.InvalidRecord, $"The batch counts {batch.RecordCount} records up to offset delta {batch.LastOffsetDelta}.");
        }

        if (batch.Attributes.IsControl && !ownRecords)
        {
            return (ErrorCode.InvalidRecord, "Clients may not write control batches.");
        }

        if (batch.Attributes.IsTransactional && !batch.HasProducerId)
        {
            return (ErrorCode.InvalidRecord, "A batch of a transaction needs a producer id.");
        }

        if (batch.Attributes.Compression > Compression.Zstd)
        {
            return (ErrorCode.UnsupportedCompressionType, $"Codec {(int)batch.Attributes.Compression} is unknown.");
        }

        if (batch.HasProducerId && (batch.BaseSequence < 0 || batch.ProducerEpoch < 0) && !ownRecords)
        {
            return (ErrorCode.InvalidRecord, "A batch of an idempotent producer needs an epoch and a sequence number.");
        }

        if (batch.Attributes.IsLogAppendTime && !ownRecords)
        {
            return (ErrorCode.InvalidTimestamp, "Only the broker sets log append time.");
        }

        // Compressed records are stored as they came; only their reader can look into them.
        return batch.Attributes.Compression == Compression.None ? CheckRecords(batch, options) : default;
    }

    private static (ErrorCode Error, string? Message) CheckRecords(RecordBatch batch, PartitionOptions options)
    {
        try
        {
            long expected = batch.BaseOffset;
            foreach (Record record in batch.Records)
            {
                if (record.Offset != expected++)
                {
                    return (ErrorCode.InvalidRecord, "The offsets of a batch's records must count up by one.");
                }

                if (options.Compacted && record.IsKeyNull && !batch.Attributes.IsControl)
                {
                    return (ErrorCode.InvalidRecord, "Every record of a compacted topic needs a key.");
                }
            }

            return default;
        }
        catch (InvalidDataException exception)
        {
            return (ErrorCode.InvalidRecord, exception.Message);
        }
    }
}
