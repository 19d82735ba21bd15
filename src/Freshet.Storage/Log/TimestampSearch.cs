using System.Buffers;
using Freshet.Protocol.Kafka.Records;

namespace Freshet.Storage.Log;

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

        if (header.Attributes.Compression != Compression.None)
        {
            // Records are not decompressed here: the batch's first offset is the answer, at most one batch too early.
            return new TimestampOffset(Math.Max(header.BaseTimestamp, timestamp), header.BaseOffset);
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(header.Size);
        try
        {
            segment.Read(header.Position, buffer.AsSpan(0, header.Size));
            foreach (Record record in new RecordBatch(buffer.AsSpan(0, header.Size)).Records)
            {
                if (record.Timestamp >= timestamp && record.Offset >= logStartOffset)
                {
                    return new TimestampOffset(record.Timestamp, record.Offset);
                }
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
