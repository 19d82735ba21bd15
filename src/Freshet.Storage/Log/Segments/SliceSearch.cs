using Freshet.Protocol.Kafka.Records;

namespace Freshet.Storage.Log.Segments;

/// <summary>Finds runs of whole batches, within one segment each.</summary>
/// <param name="MaxBytes">Most bytes.</param>
/// <param name="AtLeastOneBatch">Whether the first batch comes whole, even if larger.</param>
/// <param name="Before">Offset of the first record that is not to be read.</param>
/// <param name="SkipEmpty">Whether batches that compaction has left without records are passed over where others follow.</param>
internal readonly record struct SliceSearch(int MaxBytes, bool AtLeastOneBatch, long Before, bool SkipEmpty)
{
    /// <summary>The batches from the one that holds an offset on; an empty slice when the offset is the log's end or beyond.</summary>
    /// <exception cref="LogCorruptException">The file does not hold batches where it should.</exception>
    public LogSlice From(long offset, LogSegment[] segments)
    {
        LogSlice emptyOnly = default;
        for (int number = SegmentList.NumberOf(segments, offset); number < segments.Length; number++)
        {
            LogSegment segment = segments[number];
            int start = segment.PositionOf(offset);
            int size = segment.Size;
            int filled = SkipEmpty ? PastEmpty(segment, start, size) : start;
            if (filled < size)
            {
                return SkipEmpty && emptyOnly.Length > 0 && segment.HeaderAt(filled, size).BaseOffset >= Before ? emptyOnly : Of(segment, filled, size);
            }

            if (start < size && emptyOnly.Length == 0)
            {
                emptyOnly = Of(segment, start, size);
            }
        }

        return emptyOnly;
    }

    private static int PastEmpty(LogSegment segment, int position, int size)
    {
        while (position < size && segment.HeaderAt(position, size).Size == RecordBatch.HeaderSize)
        {
            position += RecordBatch.HeaderSize;
        }

        return position;
    }

    private LogSlice Of(LogSegment segment, int start, int size)
    {
        int end = segment.EndOfWholeBatches(start, Math.Max(MaxBytes, 0));
        end = end == start && AtLeastOneBatch ? segment.HeaderAt(start, size).End : end;
        end = Before < segment.NextOffset ? Math.Min(end, segment.PositionOf(Before)) : end;
        return new LogSlice(segment, start, Math.Max(end - start, 0));
    }
}
