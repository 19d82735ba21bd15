namespace Freshet.Storage.Log.Segments;

/// <summary>The segments of a log in order. Readers take the array as it is; the writer replaces it.</summary>
internal sealed class SegmentList(LogSegment[] segments)
{
    private LogSegment[] _segments = segments;

    public LogSegment[] All => Volatile.Read(ref _segments);

    public LogSegment First => All[0];

    public LogSegment Active => All[^1];

    /// <summary>Bytes of batches.</summary>
    public long Size => All.Sum(segment => (long)segment.Size);

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

    /// <summary>Puts one segment in the place of neighbours; false when they are not all there any more.</summary>
    public bool TryReplace(LogSegment[] old, LogSegment next)
    {
        LogSegment[] all = All;
        int first = Array.IndexOf(all, old[0]);
        if (first < 0 || !all.AsSpan(first).StartsWith(old))
        {
            return false;
        }

        Volatile.Write(ref _segments, [.. all[..first], next, .. all[(first + old.Length)..]]);
        return true;
    }
}
