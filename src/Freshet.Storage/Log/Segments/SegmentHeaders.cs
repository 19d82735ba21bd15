using Freshet.Protocol.Kafka.Records;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Storage.Log.Segments;

/// <summary>Reads batch headers out of a segment file one by one.</summary>
internal static class SegmentHeaders
{
    public static BatchHeader Read(SafeFileHandle file, string path, int position, int end)
    {
        Span<byte> bytes = stackalloc byte[RecordBatch.HeaderSize];
        if (RandomAccess.Read(file, bytes, position) < RecordBatch.HeaderSize)
        {
            throw new LogCorruptException(path, position, "the file ends within a batch header");
        }

        var batch = new RecordBatch(bytes);
        return batch.Magic == RecordBatch.CurrentMagic && batch.Size >= RecordBatch.HeaderSize && batch.Size <= end - position
            ? BatchHeader.Of(batch, position)
            : throw new LogCorruptException(path, position, $"no batch starts there (format {batch.Magic}, size {batch.Size})");
    }
}
