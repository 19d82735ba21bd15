using Freshet.Streams.Runtime;
using Microsoft.Extensions.Logging;

namespace Freshet.Streams.Checkpoints;

/// <summary>
/// The checkpoints of one run, one at a time: each sends a barrier through the topology and saves what it gathered. The last one lets the
/// spouts end. Thread-safe.
/// </summary>
/// <param name="name">Name of the topology.</param>
/// <param name="store">Where they are saved; null when none are taken.</param>
/// <param name="restored">Number of the checkpoint that the run began from, or 0.</param>
/// <param name="abort">Ends the waiting for a barrier: the run is over.</param>
internal sealed class RunCheckpoints(string name, CheckpointStore? store, long restored, RunAssembly assembly, ILogger logger, CancellationToken abort)
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private bool _isEnding;
    private long _last = restored;

    public bool AreTaken => store is not null;

    /// <summary>Number of the newest that is complete.</summary>
    public long Last => Interlocked.Read(ref _last);

    /// <summary>Takes one and waits until it is on disk.</summary>
    /// <exception cref="TopologyException">The run is ending, or has ended.</exception>
    public async Task TakeAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_isEnding)
            {
                throw new TopologyException($"'{name}' takes no checkpoint any more: it is ending.");
            }

            await PassBarrierAsync(isLast: false).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Takes a last checkpoint and lets the spouts end; no checkpoint comes after it.</summary>
    public async Task EndSpoutsAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!_isEnding && store is not null)
            {
                await PassBarrierAsync(isLast: true).ConfigureAwait(false);
            }

            _isEnding = true;
            assembly.Spouts.ForEach(spout => spout.End());
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Sends a barrier through and saves what it gathered. It is not cancelled half way, which would leave tasks waiting for it.</summary>
    private async Task PassBarrierAsync(bool isLast)
    {
        var barrier = new CheckpointBarrier(_last + 1, assembly.Metrics.Count, isLast);
        assembly.Spouts.ForEach(spout => spout.Request(barrier));
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (abort.Register(aborted.SetResult))
        {
            await Task.WhenAny(barrier.States, aborted.Task).ConfigureAwait(false);
        }

        if (!barrier.States.IsCompleted)
        {
            throw new TopologyException($"Checkpoint {barrier.Id} of '{name}' was not taken: the run has ended.");
        }

        await store!.SaveAsync(barrier.Id, await barrier.States.ConfigureAwait(false), abort).ConfigureAwait(false);
        Interlocked.Exchange(ref _last, barrier.Id);
        StreamsLog.CheckpointCompleted(logger, name, barrier.Id);
        assembly.Spouts.ForEach(spout => spout.Complete(barrier.Id));
    }
}
