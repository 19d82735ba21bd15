using Freshet.Protocol.Kafka.Records;

namespace Freshet.Storage.Log.Segments;

/// <summary>What the log keeps of a batch while it walks over it: its place and the fields of its header.</summary>
/// <param name="Position">Byte position in the segment file.</param>
/// <param name="Size">Bytes of the whole batch.</param>
/// <param name="BaseOffset">Offset of the first record.</param>
/// <param name="LastOffset">Offset of the last record.</param>
/// <param name="BaseTimestamp">Timestamp of the first record, milliseconds since 1970.</param>
/// <param name="MaxTimestamp">Largest timestamp of the records, milliseconds since 1970.</param>
/// <param name="ProducerId">Idempotent producer, or -1.</param>
/// <param name="ProducerEpoch">Its epoch, or -1.</param>
/// <param name="BaseSequence">Sequence number of the first record, or -1.</param>
/// <param name="Attributes">Codec, timestamp type and kind.</param>
/// <param name="LeaderEpoch">Leader epoch it was appended in, or -1.</param>
public readonly record struct BatchHeader(
    int Position, int Size, long BaseOffset, long LastOffset, long BaseTimestamp, long MaxTimestamp,
    long ProducerId, short ProducerEpoch, int BaseSequence, RecordBatchAttributes Attributes, int LeaderEpoch)
{
    /// <summary>Position of the batch that follows.</summary>
    public int End => Position + Size;

    /// <summary>Copies the fields out of a batch.</summary>
    public static BatchHeader Of(RecordBatch batch, int position) => new(
        position, batch.Size, batch.BaseOffset, batch.LastOffset, batch.BaseTimestamp, batch.MaxTimestamp,
        batch.ProducerId, batch.ProducerEpoch, batch.BaseSequence, batch.Attributes, batch.LeaderEpoch);
}
