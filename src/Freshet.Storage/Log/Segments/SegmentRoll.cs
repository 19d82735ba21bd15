using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log.Flushing;
using Microsoft.Extensions.Logging;

namespace Freshet.Storage.Log.Segments;

/// <summary>Says which segment a batch goes to: closes the active one when it is full or old enough, and begins the next. The log's lock guards it.</summary>
internal sealed class SegmentRoll(string folder, SegmentList segments, Func<LogOptions> options, SegmentCheckpoints checkpoints, ILogger logger)
{
    private TimeSpan _early = Jitter(options());

    public LogSegment SegmentFor(RecordBatch batch)
    {
        LogSegment active = segments.Active;
        LogOptions now = options();
        bool isFull = active.Size > now.SegmentBytes - batch.Size || batch.LastOffset - active.BaseOffset > int.MaxValue || active.IndexBytes >= now.MaxIndexBytes;
        bool isOld = active.FirstTimestamp >= 0 && batch.MaxTimestamp - active.FirstTimestamp > (now.SegmentAge - _early).TotalMilliseconds;
        return active.Size > 0 && (isFull || isOld) ? Roll() : active;
    }

    /// <summary>Closes the active segment, unless it is empty, because all its records are to go.</summary>
    public void CloseActive()
    {
        if (segments.Active.Size > 0)
        {
            Roll();
        }
    }

    /// <summary>The closed segment goes to disk in the background.</summary>
    private LogSegment Roll()
    {
        LogSegment closed = segments.Active;
        closed.Seal();
        LogSegment next = LogSegment.Create(folder, closed.NextOffset, logger);
        segments.Add(next);
        _early = Jitter(options());
        checkpoints.Follow(closed);
        return next;
    }

    private static TimeSpan Jitter(LogOptions options) => options.SegmentJitter * Random.Shared.NextDouble();
}
