using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Partitions;

/// <summary>Goes over all partitions now and then and has each drop what it no longer keeps.</summary>
internal sealed class PartitionUpkeep : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    public PartitionUpkeep(PartitionRegistry partitions, TimeSpan interval, TimeProvider time, ILogger logger) =>
        _running = RunAsync(partitions, interval, time, logger);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task RunAsync(PartitionRegistry partitions, TimeSpan interval, TimeProvider time, ILogger logger)
    {
        try
        {
            using var timer = new PeriodicTimer(interval, time);
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                foreach (Partition partition in partitions.All)
                {
                    Tidy(partition, time.GetUtcNow(), logger);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The broker stops.
        }
    }

    private static void Tidy(Partition partition, DateTimeOffset now, ILogger logger)
    {
        try
        {
            partition.Tidy(now);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            BrokerPartitionsLog.TidyFailed(logger, partition.Topic, partition.Index, exception);
        }
    }
}
