using Freshet.Storage.Log.Segments;
using Freshet.Protocol.Kafka.Records;

namespace Freshet.Storage.Log.Compaction;

/// <summary>Reads the batches of closed segments whole, one after the other, no faster than allowed.</summary>
internal sealed class SegmentBatches(CompactionThrottle throttle, CancellationToken cancellation)
{
    private byte[] _buffer = [];

    /// <summary>Goes over the batches of a segment; the memory handed out is valid until the next one.</summary>
    /// <exception cref="LogCorruptException">A batch does not match its checksum. Written anew it would get one that fits.</exception>
    public IEnumerable<(BatchHeader Header, ReadOnlyMemory<byte> Bytes)> Of(LogSegment segment)
    {
        int end = segment.Size;
        for (int position = 0; position < end;)
        {
            cancellation.ThrowIfCancellationRequested();
            BatchHeader header = segment.HeaderAt(position, end);
            throttle.Take(header.Size, cancellation);
            if (_buffer.Length < header.Size)
            {
                _buffer = new byte[Math.Max(header.Size, 2 * _buffer.Length)];
            }

            segment.Read(position, _buffer.AsSpan(0, header.Size));
            if (RecordBatch.Check(_buffer.AsSpan(0, header.Size)) is not RecordBatchFault.None and var fault)
            {
                throw new LogCorruptException(segment.Path, position, $"the batch of offsets {header.BaseOffset} to {header.LastOffset} has changed since it was written ({fault})");
            }

            yield return (header, _buffer.AsMemory(0, header.Size));
            position = header.End;
        }
    }
}
