namespace Freshet.Broker.Partitions;

/// <summary>
/// One fetch that waits for bytes. Appends to any of its partitions count up; it ends when there are enough, at its deadline,
/// or when a partition is deleted. It holds no thread and its connection's end cancels it.
/// </summary>
internal sealed class FetchWait(long bytesWanted, bool readCommitted = false)
{
    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytes;

    /// <summary>Whether only what was committed can be read.</summary>
    public bool ReadCommitted => readCommitted;

    /// <summary>Counts bytes that can be read now.</summary>
    public void Add(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) >= bytesWanted)
        {
            _enough.TrySetResult();
        }
    }

    /// <summary>Ends the waiting whatever there is.</summary>
    public void End() => _enough.TrySetResult();

    /// <summary>Waits at most this long; running out of time is no error.</summary>
    public async ValueTask WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken cancellation)
    {
        if (_enough.Task.IsCompleted)
        {
            return;
        }

        try
        {
            await _enough.Task.WaitAsync(longest, time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The client asked for no more patience than this; it gets what there is.
        }
    }
}
