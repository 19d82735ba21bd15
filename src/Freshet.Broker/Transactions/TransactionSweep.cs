using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Transactions;

/// <summary>Looks after all transactions now and then, until the broker stops.</summary>
internal sealed class TransactionSweep(Func<CancellationToken, ValueTask> sweep, TimeSpan interval, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private PeriodicWork? _work;

    public void Start() => _work = new PeriodicWork(SweepOnceAsync, interval, time);

    public ValueTask DisposeAsync() => _work?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async ValueTask SweepOnceAsync(CancellationToken stopping)
    {
        try
        {
            await sweep(stopping).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            TransactionEvents.SweepFailed(logger, failure);
        }
    }
}
