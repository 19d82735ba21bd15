namespace Freshet.Broker;

/// <summary>Does something at an interval, one time after the other, until it is disposed, which waits for the last time to end.</summary>
internal sealed class PeriodicWork : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    /// <param name="work">What to do; handles its own failures, because one that it lets out ends the work. Is told when to stop.</param>
    public PeriodicWork(Func<CancellationToken, ValueTask> work, TimeSpan interval, TimeProvider time) => _running = RunAsync(work, interval, time);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task RunAsync(Func<CancellationToken, ValueTask> work, TimeSpan interval, TimeProvider time)
    {
        try
        {
            using var timer = new PeriodicTimer(interval, time);
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                await work(_stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The broker stops.
        }
    }
}
