namespace Freshet.Storage.Log.Flushing;

/// <summary>Lets many appends wait for one flush: while one runs, all that come wait for the next.</summary>
/// <param name="flush">Forces what was written so far to disk, and returns the offset that everything before is safe of.</param>
internal sealed class SharedFlush(Func<long> flush)
{
    private readonly Lock _lock = new();
    private Task? _running;
    private long _flushed;

    /// <summary>Offset that everything before is known to be on disk of.</summary>
    public long Flushed => Volatile.Read(ref _flushed);

    /// <summary>States what recovery found on disk.</summary>
    public void StartAt(long offset) => Volatile.Write(ref _flushed, offset);

    /// <summary>Waits until everything before <paramref name="offset"/> is on disk.</summary>
    public async ValueTask WaitAsync(long offset, CancellationToken cancellation)
    {
        while (Flushed < offset)
        {
            Task running;
            lock (_lock)
            {
                running = _running ??= Task.Run(Run, CancellationToken.None);
            }

            await running.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private void Run()
    {
        try
        {
            Volatile.Write(ref _flushed, flush());
        }
        finally
        {
            lock (_lock)
            {
                _running = null;
            }
        }
    }
}
