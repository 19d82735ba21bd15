using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Partitions.Upkeep;

/// <summary>Goes over all partitions now and then and has each drop what it no longer keeps.</summary>
internal sealed class PartitionUpkeep(PartitionRegistry partitions, TimeSpan interval, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly PeriodicWork _work = new(
        "Retention",
        _ =>
        {
            foreach (Partition partition in partitions.All)
            {
                Tidy(partition, time.GetUtcNow(), logger);
            }

            return ValueTask.CompletedTask;
        },
        interval,
        time,
        logger);

    public ValueTask DisposeAsync() => _work.DisposeAsync();

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
