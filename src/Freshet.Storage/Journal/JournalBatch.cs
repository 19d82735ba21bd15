using System.Buffers.Binary;
using Freshet.Protocol;

namespace Freshet.Storage.Journal;

/// <summary>
/// The unit on disk: a header and the records that one write and one fsync covered. Layout: docs/formats/journal.md.
/// A batch is written only after the one before it is on disk, so a whole batch behind a broken one proves damage,
/// while a broken batch at the very end is only a write that never finished.
/// </summary>
internal static class JournalBatch
{
    public const int HeaderBytes = 24;
    public const int RecordHeaderBytes = 4;
    private const int LengthAt = 4;
    private const int ChecksumAt = 8;
    private const int SequenceAt = 12;
    private const int CountAt = 20;

    /// <summary>Marks where a batch may begin, for the search behind a broken one.</summary>
    public static ReadOnlySpan<byte> Magic => "FJB1"u8;

    /// <summary>Fills in the header of a batch whose records already stand behind it.</summary>
    public static void Seal(Span<byte> batch, long firstSequence, int count)
    {
        Magic.CopyTo(batch);
        BinaryPrimitives.WriteInt32LittleEndian(batch[LengthAt..], batch.Length - HeaderBytes);
        BinaryPrimitives.WriteInt64LittleEndian(batch[SequenceAt..], firstSequence);
        BinaryPrimitives.WriteInt32LittleEndian(batch[CountAt..], count);
        BinaryPrimitives.WriteUInt32LittleEndian(batch[ChecksumAt..], Checksum(batch));
    }

    /// <summary>Reads the batch at the start of <paramref name="data"/>; false when there is no whole, undamaged one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out long firstSequence, out int count, out ReadOnlySpan<byte> records)
    {
        firstSequence = 0;
        count = 0;
        records = default;
        if (data.Length < HeaderBytes || !data.StartsWith(Magic))
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(data[LengthAt..]);
        if (length < 0 || length > data.Length - HeaderBytes)
        {
            return false;
        }

        ReadOnlySpan<byte> batch = data[..(HeaderBytes + length)];
        if (Checksum(batch) != BinaryPrimitives.ReadUInt32LittleEndian(batch[ChecksumAt..]))
        {
            return false;
        }

        firstSequence = BinaryPrimitives.ReadInt64LittleEndian(batch[SequenceAt..]);
        count = BinaryPrimitives.ReadInt32LittleEndian(batch[CountAt..]);
        records = batch[HeaderBytes..];
        return true;
    }

    /// <summary>Takes the next record off <paramref name="records"/>.</summary>
    public static ReadOnlySpan<byte> TakeRecord(ref ReadOnlySpan<byte> records)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(records);
        ReadOnlySpan<byte> record = records.Slice(RecordHeaderBytes, length);
        records = records[(RecordHeaderBytes + length)..];
        return record;
    }

    // The length is covered too, so that a damaged one cannot pass for a shorter batch.
    private static uint Checksum(ReadOnlySpan<byte> batch) =>
        ~Crc32C.Append(Crc32C.Append(uint.MaxValue, batch[..ChecksumAt]), batch[SequenceAt..]);
}
