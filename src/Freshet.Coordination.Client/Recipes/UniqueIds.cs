namespace Freshet.Coordination.Client.Recipes;

/// <summary>
/// Gives out numbers that nobody else gets: 1 and up. It takes them from a <see cref="SharedCounter"/> a block at a time, so most
/// cost nothing. They grow within one instance, but not across instances, and what is left of a block when an instance ends is
/// never given out. Thread-safe.
/// </summary>
public sealed class UniqueIds : IAsyncDisposable
{
    private readonly SharedCounter _counter;
    private readonly int _blockSize;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _next = 1;
    private long _last;

    /// <param name="client">The session to take blocks with. Numbers of a block already taken are given out even when it is over.</param>
    /// <param name="path">The znode of the counter; created when missing. It holds the last number of the last block taken.</param>
    /// <param name="blockSize">Numbers to take at a time; at least 1. More cost fewer round trips, and leave larger gaps.</param>
    public UniqueIds(CoordinationClient client, string path, int blockSize = 1000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        (_counter, _blockSize) = (new SharedCounter(client, path), blockSize);
    }

    /// <summary>The next number.</summary>
    /// <exception cref="CoordinationException">A new block was needed, and the session is over or the service refused.</exception>
    /// <exception cref="OverflowException">All 64-bit numbers are used up.</exception>
    public async ValueTask<long> NextAsync(CancellationToken cancellation = default)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_next > _last)
            {
                _last = await _counter.AddAsync(_blockSize, cancellation).ConfigureAwait(false);
                _next = _last - _blockSize + 1;
            }

            return _next++;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Removes what this instance left beside the counter.</summary>
    public ValueTask DisposeAsync() => _counter.DisposeAsync();
}
