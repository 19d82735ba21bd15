using System.Buffers;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log.Segments;
using Freshet.Storage.Records;

namespace Freshet.Storage.Log.Indexes;

/// <summary>Finds records by their time: the index names a place to begin, headers lead to the batch, its records to the answer.</summary>
internal static class TimestampSearch
{
    public static TimestampOffset? FirstNotBefore(LogSegment[] segments, long timestamp, long logStartOffset)
    {
        foreach (LogSegment segment in segments)
        {
            if (segment.MaxTimestamp.Timestamp >= timestamp && FirstNotBefore(segment, timestamp, logStartOffset) is TimestampOffset found)
            {
                return found;
            }
        }

        return null;
    }

    private static TimestampOffset? FirstNotBefore(LogSegment segment, long timestamp, long logStartOffset)
    {
        int end = segment.Size;
        int position = segment.PositionOf(Math.Max(segment.FirstOffsetNotBefore(timestamp), logStartOffset));
        while (position < end)
        {
            BatchHeader header = segment.HeaderAt(position, end);
            if (header.MaxTimestamp >= timestamp && FirstNotBefore(segment, header, timestamp, logStartOffset) is TimestampOffset found)
            {
                return found;
            }

            position = header.End;
        }

        return null;
    }

    private static TimestampOffset? FirstNotBefore(LogSegment segment, BatchHeader header, long timestamp, long logStartOffset)
    {
        if (header.Attributes.IsLogAppendTime)
        {
            return new TimestampOffset(header.MaxTimestamp, header.BaseOffset);
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(header.Size);
        try
        {
            segment.Read(header.Position, buffer.AsSpan(0, header.Size));
            var batch = new RecordBatch(buffer.AsSpan(0, header.Size));
            if (header.Attributes.Compression == Compression.None)
            {
                return FirstNotBefore(batch.Records, timestamp, logStartOffset);
            }

            // Its size was checked when it was appended.
            using DecompressedRecords records = RecordCodec.Decompress(batch, int.MaxValue);
            return FirstNotBefore(batch.RecordsIn(records.Span), timestamp, logStartOffset);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static TimestampOffset? FirstNotBefore(RecordEnumerator records, long timestamp, long logStartOffset)
    {
        foreach (Record record in records)
        {
            if (record.Timestamp >= timestamp && record.Offset >= logStartOffset)
            {
                return new TimestampOffset(record.Timestamp, record.Offset);
            }
        }

        return null;
    }
}
