using Freshet.Storage.Files;
using Freshet.Storage.Log.Segments;

namespace Freshet.Storage.Log.Compaction;

/// <summary>
/// Puts a compacted segment in the place of others so that a crash at any step leaves the one or the other. The new file is
/// written as <c>.log.cleaned</c>; its renaming to <c>.log.swap</c> decides; the next start finishes what was decided and removes
/// what was not.
/// </summary>
internal static class SegmentSwap
{
    public const string CleanedSuffix = ".cleaned";
    public const string SwapSuffix = ".swap";

    /// <summary>Opens a written segment under the name <c>.swap</c>, checks it and builds its indexes.</summary>
    public static LogSegment Prepare(string folder, long baseOffset, LogOptions options)
    {
        string path = SegmentFiles.PathOf(folder, baseOffset, SegmentFiles.LogSuffix);
        File.Move(path + CleanedSuffix, path + SwapSuffix, overwrite: true);
        if (options.ForceOnClose)
        {
            DirectorySync.Flush(folder);
        }

        LogSegment segment = LogSegment.OpenSwap(folder, baseOffset, options.IndexIntervalBytes, out long tornBytes);
        if (tornBytes > 0)
        {
            segment.Dispose();
            throw new LogCorruptException(path + SwapSuffix, segment.Size, "a compacted segment is not what was written");
        }

        segment.Seal();
        segment.FlushIndexes(options.ForceOnClose);
        return segment;
    }

    /// <summary>Removes the old files and gives the new ones their names. Readers of the old segments go on with the files they hold open.</summary>
    public static void Commit(string folder, LogSegment[] old, LogSegment next)
    {
        foreach (LogSegment segment in old)
        {
            segment.HoldOpen();
            SegmentFiles.Delete(folder, segment.BaseOffset);
        }

        next.TakeFinalName(folder);
    }

    /// <summary>Gives up a segment that was written or prepared: a later start must not find it.</summary>
    public static void Abandon(string folder, long baseOffset)
    {
        SegmentFiles.Delete(folder, baseOffset, CleanedSuffix);
        SegmentFiles.Delete(folder, baseOffset, SwapSuffix);
    }

    /// <summary>Finishes or removes what a crash interrupted, before the segments of a folder are opened.</summary>
    public static void Recover(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*" + CleanedSuffix).Concat(Directory.EnumerateFiles(folder, "*index" + SwapSuffix)).ToArray())
        {
            File.Delete(file);
        }

        foreach (string swap in Directory.EnumerateFiles(folder, "*" + SegmentFiles.LogSuffix + SwapSuffix).Order(StringComparer.Ordinal).ToArray())
        {
            Finish(folder, swap);
        }
    }

    private static void Finish(string folder, string swap)
    {
        long baseOffset = SegmentFiles.BaseOffsetOf(swap);
        string final = SegmentFiles.PathOf(folder, baseOffset, SegmentFiles.LogSuffix);
        long nextOffset = CheckedEnd(folder, baseOffset, out long tornBytes);
        if (tornBytes > 0 && File.Exists(final))
        {
            // Damaged since, but the old ones are all still there: the first of them is the first to go.
            Abandon(folder, baseOffset);
            return;
        }

        if (tornBytes > 0)
        {
            throw new LogCorruptException(swap, new FileInfo(swap).Length - tornBytes, "a compacted segment is not what was written, and what it was made of is gone");
        }

        SegmentFiles.Delete(folder, baseOffset, SwapSuffix, indexesOnly: true);
        foreach (long old in SegmentFiles.BaseOffsets(folder).Where(old => old >= baseOffset && old < nextOffset))
        {
            SegmentFiles.Delete(folder, old);
        }

        // The first old segment's indexes may have outlived it. They lead to places in a file that is gone.
        SegmentFiles.Delete(folder, baseOffset, indexesOnly: true);
        File.Move(swap, final);
    }

    private static long CheckedEnd(string folder, long baseOffset, out long tornBytes)
    {
        using LogSegment segment = LogSegment.OpenSwap(folder, baseOffset, int.MaxValue, out tornBytes);
        return segment.NextOffset;
    }
}
