using Freshet.Storage.Log.Compaction;
using Freshet.Storage.Log.Flushing;
using Freshet.Storage.Log.Segments;
using Microsoft.Extensions.Logging;

namespace Freshet.Storage.Log;

/// <summary>Opens the segments of a partition's folder, and repairs what a crash left behind the recovery point.</summary>
internal static class LogRecovery
{
    /// <summary>Finishes deletions and compactions that a crash cut short, and removes files that were only half written.</summary>
    public static void FinishOrUndo(string folder)
    {
        SegmentFiles.FinishDeletions(folder);
        SegmentSwap.Recover(folder);
        SegmentFiles.DeleteOrphans(folder);
    }

    public static LogSegment[] Open(string folder, LogOptions options, LogCheckpoint checkpoint, ILogger logger)
    {
        IReadOnlyList<long> baseOffsets = WithoutDeleted(folder, SegmentFiles.BaseOffsets(folder), checkpoint.LogStartOffset);
        if (baseOffsets.Count == 0)
        {
            return [LogSegment.Create(folder, checkpoint.LogStartOffset, logger)];
        }

        var segments = new List<LogSegment>(baseOffsets.Count);
        for (int number = 0; number < baseOffsets.Count; number++)
        {
            bool isLast = number == baseOffsets.Count - 1;
            if (!isLast && baseOffsets[number + 1] <= checkpoint.RecoveryPoint)
            {
                segments.Add(LogSegment.OpenClosed(folder, baseOffsets[number], baseOffsets[number + 1], options.IndexIntervalBytes, logger));
                continue;
            }

            LogSegment segment = LogSegment.OpenChecked(
                folder, baseOffsets[number], checkpoint.RecoveryPoint, options.IndexIntervalBytes, isLast, options.ForceOnClose, logger);
            segments.Add(segment);
            if (!isLast && segment.NextOffset != baseOffsets[number + 1])
            {
                DropBehind(folder, segment, baseOffsets.Skip(number + 1), logger);
                break;
            }

            if (!isLast)
            {
                segment.Seal();
            }
        }

        return segments[^1].NextOffset < checkpoint.LogStartOffset ? StartOver(folder, segments, checkpoint.LogStartOffset, logger) : [.. segments];
    }

    /// <summary>Removes segments wholly before the log's start: a crash came after the deletion of their records was noted.</summary>
    private static IReadOnlyList<long> WithoutDeleted(string folder, IReadOnlyList<long> baseOffsets, long logStartOffset)
    {
        int first = 0;
        while (first + 1 < baseOffsets.Count && baseOffsets[first + 1] <= logStartOffset)
        {
            SegmentFiles.Delete(folder, baseOffsets[first]);
            first++;
        }

        return [.. baseOffsets.Skip(first)];
    }

    /// <summary>The machine went down after records were deleted and before the last of them were on disk. Their offsets are not given out again.</summary>
    private static LogSegment[] StartOver(string folder, List<LogSegment> segments, long logStartOffset, ILogger logger)
    {
        foreach (LogSegment segment in segments)
        {
            segment.Dispose();
            SegmentFiles.Delete(folder, segment.BaseOffset);
        }

        return [LogSegment.Create(folder, logStartOffset, logger)];
    }

    /// <summary>
    /// The machine went down before a closed segment was wholly on disk. What follows the gap was never promised to survive
    /// that, and a log has no gaps; but it may be damage of another kind, so it is kept.
    /// </summary>
    private static void DropBehind(string folder, LogSegment segment, IEnumerable<long> baseOffsets, ILogger logger)
    {
        foreach (long baseOffset in baseOffsets)
        {
            string dropped = SegmentFiles.PathOf(folder, baseOffset, SegmentFiles.LogSuffix);
            string kept = LostBatches.NameFor(dropped, position: 0);
            File.Move(dropped, kept);
            SegmentFiles.Delete(folder, baseOffset, indexesOnly: true);
            LogEvents.SegmentBehindGapDropped(logger, dropped, segment.Path, segment.NextOffset, kept);
        }
    }
}
