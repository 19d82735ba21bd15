using Freshet.Storage.Log.Flushing;
using Freshet.Storage.Log.Segments;
using Microsoft.Extensions.Logging;

namespace Freshet.Storage.Log.Compaction;

/// <summary>Compacts the closed segments of one log. One call at a time; appends, reads and deletions go on meanwhile.</summary>
/// <param name="writing">The log's lock, under which compacted segments take the place of others.</param>
internal sealed class LogCompaction(string folder, SegmentList segments, LogStart start, CheckpointFile checkpoint, Lock writing, ILogger logger)
{
    private bool _isStuck;

    /// <summary>Says how much there is to compact below an offset.</summary>
    public CompactionNeed Need(long before, LogOptions options, DateTimeOffset now) => options.Compaction is { } compaction && !_isStuck
        ? Plan(before, compaction, now) is var plan ? new CompactionNeed(plan.DirtyRatio, plan.IsDue(compaction, now)) : default
        : default;

    /// <exception cref="IOException">The disk refuses; segments not replaced yet stay as they are.</exception>
    /// <exception cref="InvalidDataException">A batch cannot be read; nothing more is compacted.</exception>
    public void Run(CompactionGuard guard, CompactionLimits limits, LogOptions options, DateTimeOffset now, CancellationToken cancellation)
    {
        if (options.Compaction is null || _isStuck || Plan(guard.Before, options.Compaction, now) is not { IsEmpty: false } plan)
        {
            return;
        }

        long before = segments.Size;
        var run = new CompactionRun(folder, plan, guard, options, limits, now, cancellation);
        foreach ((LogSegment[] old, LogSegment next) in run.Rewrite())
        {
            if (!TrySwap(old, next))
            {
                next.Dispose();
                SegmentSwap.Abandon(folder, next.BaseOffset);
                return;
            }
        }

        checkpoint.Note(options.ForceOnClose, logStartOffset: start.Offset, firstDirtyOffset: run.CompactedUpTo);
        LogEvents.Compacted(logger, folder, run.CompactedUpTo, before, segments.Size);
    }

    private CompactionPlan Plan(long before, CompactionOptions options, DateTimeOffset now) =>
        CompactionPlan.Of(segments.All, Math.Max(checkpoint.FirstDirtyOffset, start.Offset), Math.Min(before, checkpoint.RecoveryPoint), options, now);

    private bool TrySwap(LogSegment[] old, LogSegment next)
    {
        // Retention and deletions may have dropped some of the old ones meanwhile.
        lock (writing)
        {
            if (Array.IndexOf(segments.All, old[0]) < 0)
            {
                return false;
            }

            // If the disk refuses in the middle, the next start finishes it from the file .swap, which must stay as it is until then.
            _isStuck = true;
            SegmentSwap.Commit(folder, old, next);
            _isStuck = false;
            return segments.TryReplace(old, next);
        }
    }
}
