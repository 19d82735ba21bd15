namespace Freshet.Storage.Log;

/// <summary>The segments of a log in order. Readers take the array as it is; the writer replaces it.</summary>
internal sealed class SegmentList(LogSegment[] segments)
{
    private LogSegment[] _segments = segments;

    public LogSegment[] All => Volatile.Read(ref _segments);

    public LogSegment First => All[0];

    public LogSegment Active => All[^1];

    /// <summary>Number of the segment that holds an offset: the last that begins at or before it.</summary>
    public static int NumberOf(LogSegment[] segments, long offset)
    {
        int low = 0;
        int high = segments.Length - 1;
        while (low < high)
        {
            int middle = low + ((high - low + 1) / 2);
            if (segments[middle].BaseOffset <= offset)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    public void Add(LogSegment segment) => Volatile.Write(ref _segments, [.. _segments, segment]);

    public void RemoveFirst() => Volatile.Write(ref _segments, _segments[1..]);
}
