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
            return [LogSegment.Create(folder, checkpoint.LogStartOffset)];
        }

        var segments = new List<LogSegment>(baseOffsets.Count);
        for (int number = 0; number < baseOffsets.Count; number++)
        {
            bool isLast = number == baseOffsets.Count - 1;
            if (!isLast && baseOffsets[number + 1] <= checkpoint.RecoveryPoint)
            {
                segments.Add(LogSegment.OpenClosed(folder, baseOffsets[number], baseOffsets[number + 1], options.IndexIntervalBytes));
                continue;
            }

            LogSegment segment = LogSegment.OpenChecked(folder, baseOffsets[number], checkpoint.RecoveryPoint, options.IndexIntervalBytes, out long tornBytes);
            segments.Add(segment);
            if (segment.NextOffset < checkpoint.RecoveryPoint)
            {
                throw new LogCorruptException(
                    segment.Path, segment.Size, $"the batches end at offset {segment.NextOffset}, though all before {checkpoint.RecoveryPoint} were on disk");
            }

            if (tornBytes > 0)
            {
                LogEvents.TornTailCut(logger, segment.Path, segment.Size, tornBytes, segment.NextOffset);
            }

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

        return segments[^1].NextOffset < checkpoint.LogStartOffset ? StartOver(folder, segments, checkpoint.LogStartOffset) : [.. segments];
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
    private static LogSegment[] StartOver(string folder, List<LogSegment> segments, long logStartOffset)
    {
        foreach (LogSegment segment in segments)
        {
            segment.Dispose();
            SegmentFiles.Delete(folder, segment.BaseOffset);
        }

        return [LogSegment.Create(folder, logStartOffset)];
    }

    /// <summary>
    /// The machine went down before a closed segment was wholly on disk. What follows the gap was never promised to survive
    /// that, and a log has no gaps.
    /// </summary>
    private static void DropBehind(string folder, LogSegment segment, IEnumerable<long> baseOffsets, ILogger logger)
    {
        foreach (long baseOffset in baseOffsets)
        {
            LogEvents.SegmentBehindGapDropped(logger, SegmentFiles.PathOf(folder, baseOffset, SegmentFiles.LogSuffix), segment.Path, segment.NextOffset);
            SegmentFiles.Delete(folder, baseOffset);
        }
    }
}
