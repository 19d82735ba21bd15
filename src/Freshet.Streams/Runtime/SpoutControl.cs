using System.Collections.Concurrent;
using Freshet.Streams.Checkpoints;

namespace Freshet.Streams.Runtime;

/// <summary>How the run tells a spout's task what to do. The task takes requests between calls of the spout.</summary>
internal sealed class SpoutControl
{
    private readonly ConcurrentQueue<CheckpointBarrier> _barriers = new();
    private CancellationTokenSource _interrupt = new();
    private long _completed;
    private volatile bool _end;

    public WakeSignal Wake { get; } = new();

    /// <summary>Cancelled when there is a request.</summary>
    public CancellationToken Interrupt => _interrupt.Token;

    public bool IsEndRequested => _end;

    public void Request(CheckpointBarrier barrier)
    {
        _barriers.Enqueue(barrier);
        InterruptSpout();
    }

    public void Complete(long checkpointId)
    {
        Interlocked.Exchange(ref _completed, checkpointId);
        InterruptSpout();
    }

    public void End()
    {
        _end = true;
        InterruptSpout();
    }

    public bool TryTakeBarrier(out CheckpointBarrier? barrier) => _barriers.TryDequeue(out barrier);

    /// <summary>Id of a checkpoint completed since the last call, or 0.</summary>
    public long TakeCompleted() => Interlocked.Exchange(ref _completed, 0);

    /// <summary>Arms the interrupt again; to be called before looking at the requests, so that none is missed.</summary>
    public void Rearm()
    {
        if (_interrupt.IsCancellationRequested)
        {
            _interrupt = new CancellationTokenSource();
        }
    }

    /// <summary>Makes a waiting spout return, to find that the run is over.</summary>
    public void Abort() => InterruptSpout();

    private void InterruptSpout()
    {
        Volatile.Read(ref _interrupt).Cancel();
        Wake.Set();
    }
}
