using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Transactions;

/// <summary>Looks after all transactions now and then, until the broker stops.</summary>
internal sealed class TransactionSweep(Func<CancellationToken, ValueTask> sweep, TimeSpan interval, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private PeriodicWork? _work;

    public void Start() => _work = new PeriodicWork("Looking after transactions", sweep, interval, time, logger);

    public ValueTask DisposeAsync() => _work?.DisposeAsync() ?? ValueTask.CompletedTask;
}
