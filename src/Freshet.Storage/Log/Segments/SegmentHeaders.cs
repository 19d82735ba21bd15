using Freshet.Protocol.Kafka.Records;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Storage.Log.Segments;

/// <summary>Reads batch headers out of a segment file one by one.</summary>
internal static class SegmentHeaders
{
    /// <exception cref="LogCorruptException">No batch can start there.</exception>
    public static BatchHeader Read(SafeFileHandle file, string path, int position, int end)
    {
        Span<byte> bytes = stackalloc byte[RecordBatch.HeaderSize];
        return RandomAccess.Read(file, bytes, position) < RecordBatch.HeaderSize ? throw new LogCorruptException(path, position, "the file ends within a batch header")
            : Of(bytes, position, end) ?? throw new LogCorruptException(path, position, $"no batch starts there (format {new RecordBatch(bytes).Magic}, size {new RecordBatch(bytes).Size})");
    }

    /// <summary>Reads the header at a position that may be anywhere; null when no batch can start there.</summary>
    public static BatchHeader? TryRead(SafeFileHandle file, int position, int end)
    {
        Span<byte> bytes = stackalloc byte[RecordBatch.HeaderSize];
        return position >= 0 && position < end && RandomAccess.Read(file, bytes, position) == RecordBatch.HeaderSize ? Of(bytes, position, end) : null;
    }

    private static BatchHeader? Of(ReadOnlySpan<byte> bytes, int position, int end)
    {
        var batch = new RecordBatch(bytes);
        return batch.Magic == RecordBatch.CurrentMagic && batch.Size >= RecordBatch.HeaderSize && batch.Size <= end - position && batch.LastOffsetDelta >= 0
            ? BatchHeader.Of(batch, position)
            : null;
    }
}
