using Freshet.Streams.Checkpoints;

namespace Freshet.Streams.Runtime;

/// <summary>
/// Where tuples go next: the next operator of the same task, or channels to other tasks. Tuples are pushed in with plain calls;
/// everything that may have to wait is asynchronous and comes between tuples.
/// </summary>
internal abstract class Output<T> : IEmitter<T>
{
    public abstract void Emit(T tuple);

    /// <summary>Called once, before anything else.</summary>
    public abstract ValueTask OpenAsync();

    /// <summary>Waits until what had no room has found it.</summary>
    public abstract ValueTask DrainAsync();

    /// <summary>Sends on what is buffered, full or not.</summary>
    public abstract ValueTask FlushAsync();

    /// <summary>Event time has advanced.</summary>
    public abstract ValueTask AdvanceAsync(long watermark);

    /// <summary>The input is silent and must not hold event time back.</summary>
    public abstract ValueTask IdleAsync();

    /// <summary>A moment that <see cref="TaskFlow.RequestTick"/> asked for has come.</summary>
    public abstract ValueTask TickAsync();

    /// <summary>Saves state into the checkpoint and passes the barrier on.</summary>
    public abstract ValueTask BarrierAsync(CheckpointBarrier barrier);

    /// <summary>Nothing follows: passes the end on and releases what is held.</summary>
    public abstract ValueTask EndAsync();
}
