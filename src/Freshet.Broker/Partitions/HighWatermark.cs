namespace Freshet.Broker.Partitions;

/// <summary>
/// How far a partition may be read. A topic that waits for the disk with every batch shows none before the disk has it: who has read a
/// record that a power cut takes may have noted its offset, and would pass over the record that gets it next. Safe for use by many threads.
/// </summary>
internal sealed class HighWatermark(long offset, FetchWaits waits)
{
    private readonly Lock _lock = new();
    private readonly Queue<(long End, int Bytes, bool IsMarker)> _hidden = [];
    private long _offset = offset;

    /// <summary>The first offset that may not be read.</summary>
    public long Offset => Volatile.Read(ref _offset);

    /// <summary>A batch was appended, up to this offset, that must not be read before <see cref="Forced"/>.</summary>
    public void Hide(long end, int bytes, bool isMarker)
    {
        lock (_lock)
        {
            _hidden.Enqueue((end, bytes, isMarker));
        }
    }

    /// <summary>A batch was appended that may be read at once. The caller tells those who wait.</summary>
    public void MoveTo(long end)
    {
        long known = Offset;
        while (known < end)
        {
            long found = Interlocked.CompareExchange(ref _offset, end, known);
            known = found == known ? end : found;
        }
    }

    /// <summary>The disk has everything before an offset: lets it be read, and tells those who wait.</summary>
    /// <param name="lastStable">The last stable offset as it is then.</param>
    public void Forced(long end, Func<long> lastStable)
    {
        if (Offset >= end)
        {
            return;
        }

        MoveTo(end);
        long stable = lastStable();
        lock (_lock)
        {
            while (_hidden.TryPeek(out (long End, int Bytes, bool IsMarker) batch) && batch.End <= end)
            {
                _hidden.Dequeue();
                waits.Appended(batch.Bytes, stable >= batch.End);
                if (batch.IsMarker)
                {
                    waits.StableMoved();
                }
            }
        }
    }
}
