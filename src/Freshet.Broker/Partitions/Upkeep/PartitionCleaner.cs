using Freshet.Broker.Partitions.Producers;
using Freshet.Storage.Log;
using Freshet.Storage.Log.Compaction;

namespace Freshet.Broker.Partitions.Upkeep;

/// <summary>Compacts one partition's log, and ends that when the partition does.</summary>
/// <param name="appending">The lock that guards the partition's producers.</param>
internal sealed class PartitionCleaner(PartitionLog log, ProducerLedger producers, Lock appending)
{
    private readonly Lock _running = new();
    private readonly CancellationTokenSource _ending = new();

    /// <summary>Keeps only the newest record of each key in what is closed. Blocks its thread; appends and fetches go on.</summary>
    /// <returns>Whether the log is compacted further than before.</returns>
    /// <exception cref="OperationCanceledException">The partition was deleted or closed meanwhile.</exception>
    public bool Run(CompactionLimits limits, DateTimeOffset now, CancellationToken cancellation)
    {
        lock (_running)
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _ending.Token);
            ending.Token.ThrowIfCancellationRequested();
            long before = log.FirstDirtyOffset;
            producers.DropCompacted();
            log.Compact(Guard(), limits, now, ending.Token);
            return log.FirstDirtyOffset > before;
        }
    }

    /// <summary>Ends a run under way, waits for that, and lets none begin.</summary>
    public void End()
    {
        _ending.Cancel();
        lock (_running)
        {
            // It is over once the lock is free.
        }
    }

    /// <summary>What must stay for the sake of transactions and living producers.</summary>
    private CompactionGuard Guard()
    {
        lock (appending)
        {
            long stable = producers.StableBefore(log.LogEndOffset);
            var batches = new HashSet<long>();
            var markers = new Dictionary<long, short>();
            foreach ((long producerId, ProducerState state) in producers.Producers)
            {
                if (state.Kept.IsEmpty)
                {
                    markers.Add(producerId, state.Epoch);
                }

                foreach (SequencedBatch batch in state.Kept)
                {
                    batches.Add(batch.BaseOffset);
                }
            }

            return new CompactionGuard(stable, producers.AbortedIn(log.LogStartOffset, stable), batches, markers);
        }
    }
}
