using Freshet.Storage.Log.Segments;
using Microsoft.Extensions.Logging;

namespace Freshet.Storage.Log;

/// <summary>
/// The first offset of a log that can be read. It moves forward as records are deleted and as retention drops segments, never back.
/// The log's lock guards the changes.
/// </summary>
internal sealed class LogStart(SegmentList segments, long offset, DeletedSegments deleted, ILogger logger)
{
    private long _offset = Math.Max(offset, segments.First.BaseOffset);

    public long Offset => Volatile.Read(ref _offset);

    /// <summary>Moves forward; segments wholly before the new start are for <see cref="DropBefore"/>.</summary>
    public void MoveTo(long offset) => Volatile.Write(ref _offset, Math.Max(_offset, offset));

    /// <summary>Drops the segments that end before the start.</summary>
    public void DropBefore(LogOptions options)
    {
        while (segments.All.Length > 1 && segments.All[1].BaseOffset <= _offset)
        {
            DropFirst("its records were deleted", options);
        }
    }

    /// <summary>Drops the oldest closed segments that age or size has made superfluous, and says how many.</summary>
    public int DropSuperfluous(LogOptions options, DateTimeOffset now)
    {
        if (Retention.IsFromTheFuture(segments.First, options, now))
        {
            LogEvents.SegmentFromTheFuture(logger, segments.First.Path, segments.First.MaxTimestamp.Timestamp);
        }

        int dropped = 0;
        long size = segments.Size;
        while (segments.All.Length > 1 && Retention.IsSuperfluous(segments.First, size, options, now))
        {
            size -= segments.First.Size;
            DropFirst("retention no longer keeps it", options);
            dropped++;
        }

        return dropped;
    }

    private void DropFirst(string why, LogOptions options)
    {
        LogSegment first = segments.First;
        segments.RemoveFirst();
        MoveTo(segments.First.BaseOffset);
        deleted.Take(first, options.FileDeleteDelay);
        LogEvents.SegmentDeleted(logger, first.Path, why, _offset);
    }
}
