using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Records;

namespace Freshet.Broker.Partitions.Batches;

/// <summary>What a producer's batch must be, before it is given an offset (Kafka protocol, Produce).</summary>
internal static class BatchRules
{
    /// <summary>Judges a batch by itself.</summary>
    /// <param name="now">Milliseconds since 1970.</param>
    /// <param name="ownRecords">Whether the broker wrote the batch itself, and may write control records.</param>
    public static BatchVerdict Check(ReadOnlySpan<byte> bytes, PartitionOptions options, bool ownRecords, long now)
    {
        // The limit is for producers: a transaction must end even where it was lowered meanwhile.
        if (bytes.Length > options.MaxMessageBytes && !ownRecords)
        {
            return new BatchVerdict(ErrorCode.MessageTooLarge, $"The batch has {bytes.Length} bytes, the topic takes {options.MaxMessageBytes} (max.message.bytes).");
        }

        if (bytes.Length > options.Log.SegmentBytes)
        {
            return new BatchVerdict(ErrorCode.RecordListTooLarge, $"The batch has {bytes.Length} bytes, a segment {options.Log.SegmentBytes} (segment.bytes).");
        }

        return RecordBatch.Check(bytes) switch
        {
            RecordBatchFault.None => CheckIntact(new RecordBatch(bytes), options, ownRecords, now) with { IsOfBatch = true },
            RecordBatchFault.WrongCount => new(ErrorCode.InvalidRecord, "The batch's header counts fewer records than none.") { IsOfBatch = true },
            var fault => Of(fault, bytes),
        };
    }

    private static BatchVerdict Of(RecordBatchFault fault, ReadOnlySpan<byte> bytes) => fault switch
    {
        RecordBatchFault.OldFormat => new(ErrorCode.InvalidRecord, "Message formats 0 and 1 are gone; use a client of Kafka 0.11 or later."),
        RecordBatchFault.WrongSize when HoldsSeveral(bytes) => new(ErrorCode.InvalidRecord, "A request holds exactly one batch per partition."),
        // A corrupt message is one to send again. What is cut off was sent so.
        RecordBatchFault.WrongSize when IsCutOff(bytes) => new(ErrorCode.InvalidRecord, "The bytes end before the batch does."),
        RecordBatchFault.WrongCrc => new(ErrorCode.CorruptMessage, "The batch does not match its checksum."),
        RecordBatchFault.WrongSize => new(ErrorCode.CorruptMessage, "The batch's length does not match its bytes."),
        _ => new(ErrorCode.CorruptMessage, $"Record batches of format {new RecordBatch(bytes).Magic} are not known."),
    };

    private static bool HoldsSeveral(ReadOnlySpan<byte> bytes) => RecordBatch.TryTake(ref bytes, out _) && !bytes.IsEmpty;

    private static bool IsCutOff(ReadOnlySpan<byte> bytes) => !RecordBatch.TryReadSize(bytes, out int size) || size > bytes.Length;

    private static BatchVerdict CheckIntact(RecordBatch batch, PartitionOptions options, bool ownRecords, long now)
    {
        if (batch.RecordCount == 0 || batch.RecordCount != batch.LastOffsetDelta + 1)
        {
            return new BatchVerdict(ErrorCode.InvalidRecord, $"The batch counts {batch.RecordCount} records up to offset delta {batch.LastOffsetDelta}.");
        }

        if (batch.BaseOffset != 0 && !ownRecords)
        {
            return new BatchVerdict(ErrorCode.InvalidRecord, $"The batch begins at offset {batch.BaseOffset}; a producer's begins at 0.");
        }

        if (batch.Attributes.IsControl && !ownRecords)
        {
            return new BatchVerdict(ErrorCode.InvalidRecord, "Clients may not write control batches.");
        }

        if (batch.Attributes.IsTransactional && !batch.HasProducerId)
        {
            return new BatchVerdict(ErrorCode.InvalidRecord, "A batch of a transaction needs a producer id.");
        }

        if (batch.Attributes.Compression > Compression.Zstd)
        {
            return new BatchVerdict(ErrorCode.UnsupportedCompressionType, $"Codec {(int)batch.Attributes.Compression} is unknown.");
        }

        if (batch.HasProducerId && (batch.BaseSequence < 0 || batch.ProducerEpoch < 0) && !ownRecords)
        {
            return new BatchVerdict(ErrorCode.InvalidRecord, "A batch of an idempotent producer needs an epoch and a sequence number.");
        }

        if (batch.Attributes.IsLogAppendTime && options.LogAppendTime && !ownRecords)
        {
            return new BatchVerdict(ErrorCode.InvalidTimestamp, "Only the broker sets log append time.", RecordRules.FirstOf(batch));
        }

        return RecordRules.Check(batch, options, now);
    }
}
