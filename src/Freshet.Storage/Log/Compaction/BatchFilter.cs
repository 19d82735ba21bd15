using System.Buffers;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log.Segments;
using Freshet.Storage.Records;

namespace Freshet.Storage.Log.Compaction;

/// <summary>Decides what is left of each batch of a log, walked from its start.</summary>
/// <param name="keys">The newest offsets of keys.</param>
/// <param name="mappedUpTo">Offset up to which <paramref name="keys"/> was filled; batches from there on stay as they are.</param>
/// <param name="now">Milliseconds since 1970.</param>
internal sealed class BatchFilter(KeyOffsets keys, long mappedUpTo, CompactionGuard guard, CompactionOptions options, long now)
{
    private readonly TransactionScan _transactions = new(guard.Aborted);
    private readonly ArrayBufferWriter<byte> _kept = new();

    /// <summary>What is left of a batch: the same bytes, others, or nothing.</summary>
    /// <param name="keepsEmpty">Whether at least an empty batch stays, so that its offsets are still covered.</param>
    public ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> bytes, bool keepsEmpty)
    {
        BatchHeader header = BatchHeader.Of(new RecordBatch(bytes.Span), 0);
        if (header.BaseOffset >= mappedUpTo)
        {
            return bytes;
        }

        keepsEmpty |= guard.KeptBatches.Contains(header.BaseOffset);
        return header.Attributes.IsControl ? ApplyToMarker(bytes, header, keepsEmpty)
            : _transactions.IsAborted(header) ? Empty(bytes, keepsEmpty)
            : ApplyToData(bytes, header, keepsEmpty);
    }

    private ReadOnlyMemory<byte> ApplyToMarker(ReadOnlyMemory<byte> bytes, BatchHeader header, bool keepsEmpty)
    {
        var batch = new RecordBatch(bytes.Span);
        if (batch.RecordCount == 0)
        {
            return Empty(bytes, keepsEmpty || IsLastMarker(header));
        }

        if (!_transactions.EndsEmpty(header))
        {
            return bytes;
        }

        if (!header.Attributes.HasDeleteHorizon)
        {
            return Keep(batch, batch.Records, all: true, Horizon);
        }

        return header.BaseTimestamp > now ? bytes : Empty(bytes, keepsEmpty || IsLastMarker(header));
    }

    private ReadOnlyMemory<byte> ApplyToData(ReadOnlyMemory<byte> bytes, BatchHeader header, bool keepsEmpty)
    {
        var batch = new RecordBatch(bytes.Span);
        bool compressed = header.Attributes.Compression != Compression.None;
        using DecompressedRecords? decompressed = compressed ? RecordCodec.Decompress(batch, int.MaxValue) : null;
        RecordEnumerator records = decompressed is null ? batch.Records : batch.RecordsIn(decompressed.Span);
        bool dropsTombstones = header.Attributes.HasDeleteHorizon && header.BaseTimestamp <= now;
        int kept = 0;
        bool hasTombstone = false;
        foreach (Record record in records)
        {
            if (IsKept(record, dropsTombstones))
            {
                kept++;
                hasTombstone |= record.IsValueNull;
            }
        }

        if (kept == 0)
        {
            return Empty(bytes, keepsEmpty);
        }

        _transactions.Kept(header);
        bool setsHorizon = hasTombstone && !header.Attributes.HasDeleteHorizon;
        return kept == batch.RecordCount && !setsHorizon ? bytes : Keep(batch, records, all: false, setsHorizon ? Horizon : null, dropsTombstones);
    }

    private long Horizon => now + (long)Math.Min(options.DeleteRetention.TotalMilliseconds, TimeSpan.MaxValue.TotalMilliseconds / 2);

    private bool IsLastMarker(BatchHeader header) =>
        guard.KeptMarkers.TryGetValue(header.ProducerId, out short epoch) && epoch == header.ProducerEpoch;

    /// <summary>Whether a record stays. One without a key cannot be compacted and goes: current producers cannot write it.</summary>
    private bool IsKept(Record record, bool dropsTombstones) =>
        !record.IsKeyNull && !keys.HasNewer(record.Key, record.Offset) && !(record.IsValueNull && dropsTombstones);

    /// <summary>The batch with the records that stay. Its offsets stay, so readers see a gap where records were.</summary>
    private byte[] Keep(RecordBatch batch, RecordEnumerator records, bool all, long? horizon, bool dropsTombstones = false)
    {
        _kept.ResetWrittenCount();
        long change = horizon is long start ? start - batch.BaseTimestamp : 0;
        int count = 0;
        long largest = -1;
        while (records.MoveNext())
        {
            Record record = records.Current;
            if (all || IsKept(record, dropsTombstones))
            {
                Record.WriteRebased(records.CurrentBytes, change, _kept);
                largest = Math.Max(largest, record.Timestamp);
                count++;
            }
        }

        Span<byte> header = stackalloc byte[RecordBatch.HeaderSize];
        batch.Bytes[..RecordBatch.HeaderSize].CopyTo(header);
        RecordBatchStamp.Times(
            header, batch.BaseTimestamp + change, batch.Attributes.IsLogAppendTime ? batch.MaxTimestamp : largest, horizon is not null || batch.Attributes.HasDeleteHorizon);
        return BatchCoding.Build(new RecordBatch(header), _kept.WrittenSpan, count, batch.Attributes.Compression);
    }

    private static ReadOnlyMemory<byte> Empty(ReadOnlyMemory<byte> bytes, bool keeps)
    {
        if (!keeps)
        {
            return default;
        }

        if (new RecordBatch(bytes.Span).RecordCount == 0)
        {
            return bytes;
        }

        byte[] empty = bytes.Span[..RecordBatch.HeaderSize].ToArray();
        RecordBatchStamp.Times(empty, new RecordBatch(empty).BaseTimestamp, -1, isDeleteHorizon: false);
        RecordBatchStamp.Records(empty, Freshet.Protocol.Kafka.Records.Compression.None, 0);
        return empty;
    }
}
