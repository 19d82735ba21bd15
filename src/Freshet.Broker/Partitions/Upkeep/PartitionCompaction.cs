using System.Collections.Concurrent;
using Freshet.Storage.Log;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Partitions.Upkeep;

/// <summary>Compacts partitions one at a time, on a thread of its own, the one with the largest share of uncompacted bytes first.</summary>
internal sealed class PartitionCompaction : IAsyncDisposable
{
    private readonly PartitionRegistry _partitions;
    private readonly UpkeepOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<Partition, bool> _unreadable = [];
    private readonly PeriodicWork _work;

    public PartitionCompaction(PartitionRegistry partitions, UpkeepOptions options, TimeProvider time, ILogger logger)
    {
        _partitions = partitions;
        _options = options;
        _time = time;
        _logger = logger;
        _work = new PeriodicWork("Compaction", CompactAsideAsync, options.CompactionInterval, time, logger);
    }

    public ValueTask DisposeAsync() => _work.DisposeAsync();

    private async ValueTask CompactAsideAsync(CancellationToken stopping)
    {
        if (Dirtiest([]) is not null)
        {
            await Task.Factory.StartNew(() => CompactDue(stopping), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
    }

    /// <summary>Compacts all that is due now.</summary>
    private void CompactDue(CancellationToken stopping)
    {
        var failed = new HashSet<Partition>();
        while (!stopping.IsCancellationRequested && Dirtiest(failed) is { } partition)
        {
            if (!TryCompact(partition, stopping))
            {
                failed.Add(partition);
            }
        }
    }

    private Partition? Dirtiest(HashSet<Partition> failed)
    {
        DateTimeOffset now = _time.GetUtcNow();
        return _partitions.All.Where(partition => partition.Options.Compacted && !failed.Contains(partition) && !_unreadable.ContainsKey(partition))
            .Select(partition => (Partition: partition, Need: partition.NeedsCompaction(now)))
            .Where(candidate => candidate.Need.IsDue)
            .OrderByDescending(candidate => candidate.Need.DirtyRatio)
            .Select(candidate => candidate.Partition)
            .FirstOrDefault();
    }

    private bool TryCompact(Partition partition, CancellationToken stopping)
    {
        try
        {
            return partition.Compact(_options.Compaction, stopping);
        }
        catch (Exception exception) when (exception is InvalidDataException or LogCorruptException)
        {
            // What cannot be read will not be readable at the next try either.
            _unreadable.TryAdd(partition, true);
            BrokerPartitionsLog.CompactionGivenUp(_logger, partition.Topic, partition.Index, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            if (!partition.IsDeleted)
            {
                BrokerPartitionsLog.CompactionFailed(_logger, partition.Topic, partition.Index, exception);
            }
        }
        catch (OperationCanceledException)
        {
            // The partition was deleted, or the broker stops.
        }

        return false;
    }
}
