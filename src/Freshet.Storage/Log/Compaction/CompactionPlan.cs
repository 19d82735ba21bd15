using Freshet.Storage.Log.Segments;

namespace Freshet.Storage.Log.Compaction;

/// <summary>Which closed segments may be compacted, and how many of their bytes are not yet.</summary>
/// <param name="Segments">From the log's start to where compaction ends.</param>
/// <param name="FirstDirty">Number of the first that was not compacted, or not wholly.</param>
/// <param name="FirstDirtyOffset">First offset that was not compacted.</param>
internal readonly record struct CompactionPlan(LogSegment[] Segments, int FirstDirty, long FirstDirtyOffset)
{
    public bool IsEmpty => FirstDirty >= Segments.Length;

    public double DirtyRatio
    {
        get
        {
            long dirty = Segments.Skip(FirstDirty).Sum(segment => (long)segment.Size);
            return dirty == 0 ? 0 : dirty / (double)Segments.Sum(segment => (long)segment.Size);
        }
    }

    /// <summary>Never the active segment, nothing that may not be on disk yet, nothing from the last stable offset on, nothing too young.</summary>
    public static CompactionPlan Of(LogSegment[] segments, long firstDirtyOffset, long before, CompactionOptions options, DateTimeOffset now)
    {
        long youngest = (now - options.MinLag).ToUnixTimeMilliseconds();
        int end = 0;
        while (end < segments.Length - 1 && segments[end].NextOffset <= before
            && (segments[end].NextOffset <= firstDirtyOffset || options.MinLag == TimeSpan.Zero || segments[end].MaxTimestamp.Timestamp <= youngest))
        {
            end++;
        }

        LogSegment[] closed = segments[..end];
        return new CompactionPlan(closed, Array.FindIndex(closed, segment => segment.NextOffset > firstDirtyOffset) is >= 0 and var first ? first : end, firstDirtyOffset);
    }

    /// <summary>Whether the settings ask for compaction now.</summary>
    public bool IsDue(CompactionOptions options, DateTimeOffset now) =>
        !IsEmpty && (DirtyRatio > options.MinDirtyRatio
            || (options.MaxLag is { } lag && Segments[FirstDirty].ReadFirstTimestamp() is >= 0 and var oldest && oldest < (now - lag).ToUnixTimeMilliseconds()));
}
