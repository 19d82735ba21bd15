using Microsoft.Extensions.Logging;

namespace Freshet.Broker;

/// <summary>Does something at an interval, one time after the other, until it is disposed, which waits for the last time to end.</summary>
internal sealed class PeriodicWork : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<CancellationToken, ValueTask> _work;
    private readonly ILogger _logger;
    private readonly Task _running;

    /// <param name="name">What it does, for the log, as the subject of a sentence.</param>
    /// <param name="work">What to do; is told when to stop. A failure that it lets out is logged, and it is done again at the next interval.</param>
    public PeriodicWork(string name, Func<CancellationToken, ValueTask> work, TimeSpan interval, TimeProvider time, ILogger logger)
    {
        _work = work;
        _logger = logger;
        _running = RunAsync(name, interval, time);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task RunAsync(string name, TimeSpan interval, TimeProvider time)
    {
        using var timer = new PeriodicTimer(interval, time);
        while (await NextTickAsync(timer).ConfigureAwait(false))
        {
            await WorkOnceAsync(name).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> NextTickAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>A cancellation is a failure too, unless it is this work's own: what one round waited for may have been given up.</summary>
    private async ValueTask WorkOnceAsync(string name)
    {
        try
        {
            await _work(_stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The broker stops.
        }
        catch (Exception failure)
        {
            BrokerLog.PeriodicWorkFailed(_logger, name, failure);
        }
    }
}
