namespace Freshet.Broker.Partitions;

/// <summary>The fetches that wait for a partition's next bytes. An append with none waiting costs one read of a field.</summary>
internal sealed class FetchWaits
{
    private readonly Lock _lock = new();
    private readonly List<FetchWait> _waits = [];
    private volatile int _count;

    public void Add(FetchWait wait)
    {
        lock (_lock)
        {
            _waits.Add(wait);
            _count = _waits.Count;
        }

        Interlocked.MemoryBarrier();
    }

    public void Remove(FetchWait wait)
    {
        lock (_lock)
        {
            _waits.Remove(wait);
            _count = _waits.Count;
        }
    }

    /// <summary>Counts what was appended.</summary>
    /// <param name="bytes">How much.</param>
    /// <param name="stable">Whether readers of committed data can read it.</param>
    public void Appended(int bytes, bool stable)
    {
        // A fetch registers and then looks at the log's end; the append moved the end and now looks for fetches. One must see the other.
        Interlocked.MemoryBarrier();
        if (_count == 0)
        {
            return;
        }

        lock (_lock)
        {
            foreach (FetchWait wait in _waits)
            {
                if (stable || !wait.ReadCommitted)
                {
                    wait.Add(bytes);
                }
            }
        }
    }

    /// <summary>A transaction ended: readers of committed data find more than was appended last.</summary>
    public void StableMoved()
    {
        Interlocked.MemoryBarrier();
        if (_count == 0)
        {
            return;
        }

        lock (_lock)
        {
            foreach (FetchWait wait in _waits)
            {
                if (wait.ReadCommitted)
                {
                    wait.End();
                }
            }
        }
    }

    public void EndAll()
    {
        lock (_lock)
        {
            foreach (FetchWait wait in _waits)
            {
                wait.End();
            }
        }
    }
}
