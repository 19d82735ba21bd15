using Freshet.Storage.Log;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Partitions;

/// <summary>Forces what was appended to disk once the time that the topic allows (flush.ms) is over.</summary>
internal sealed class DelayedFlush(PartitionFolder folder, PartitionLog log, TimeProvider time, ILogger logger)
{
    private readonly CancellationTokenSource _ending = new();
    private int _isDue;

    /// <summary>Something was appended.</summary>
    /// <param name="age">How long it may stay off the disk; null for as long as the system likes.</param>
    public void Appended(TimeSpan? age)
    {
        if (age is { } delay && Interlocked.Exchange(ref _isDue, 1) == 0)
        {
            _ = FlushAfterAsync(delay);
        }
    }

    /// <summary>Forces nothing more: closing does that anyway, and a deleted partition needs none.</summary>
    public void End() => _ending.Cancel();

    private async Task FlushAfterAsync(TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, time, _ending.Token).ConfigureAwait(false);
            Volatile.Write(ref _isDue, 0);
            await log.FlushAsync(_ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
        catch (IOException exception)
        {
            BrokerPartitionsLog.FlushFailed(logger, folder.Topic, folder.Index, exception);
        }
    }
}
