namespace Freshet.Streams;

/// <summary>What a call of <see cref="ISpout{T}.NextAsync"/> brought.</summary>
public enum SpoutStatus
{
    /// <summary>Tuples were emitted; there may be more at once.</summary>
    Emitted,

    /// <summary>Nothing to emit now. The engine sends on what is buffered and asks again a little later.</summary>
    Idle,

    /// <summary>The input is finished: the spout will never emit again.</summary>
    Ended,
}

/// <summary>
/// Brings tuples into a topology. Each task has its own instance; its methods are called one at a time, never at once.
/// After a failure the topology starts again from the last checkpoint, so a spout must be able to repeat what came after the positions it saved.
/// </summary>
/// <typeparam name="T">The tuples.</typeparam>
public interface ISpout<T> : IAsyncDisposable
{
    /// <summary>Called once, before anything else.</summary>
    ValueTask OpenAsync(SpoutContext context, CancellationToken cancellation);

    /// <summary>
    /// Emits some tuples. Without input it returns <see cref="SpoutStatus.Idle"/> at once, so that what is buffered is sent on; the call
    /// after that may wait, 100 ms at the most, so that silent inputs are noticed. It must return soon after <paramref name="interrupt"/>
    /// is cancelled; what it has read by then it emits first.
    /// </summary>
    /// <param name="output">Takes the tuples.</param>
    /// <param name="interrupt">Cancelled when the engine has other work for this task, such as a checkpoint. Throwing for it is as good as returning.</param>
    ValueTask<SpoutStatus> NextAsync(IEmitter<T> output, CancellationToken interrupt);

    /// <summary>Saves where to go on after a restart: exactly behind everything emitted so far.</summary>
    void SavePositions(PositionWriter positions);

    /// <summary>Everything emitted before this checkpoint is safe; a source may be told so.</summary>
    ValueTask CheckpointCompletedAsync(long checkpointId, CancellationToken cancellation);
}

/// <summary>A spout whose input has partitions that progress on their own. Watermarks then hold back for the slowest one.</summary>
public interface IPartitionedSpout
{
    /// <summary>The partitions that may still bring tuples.</summary>
    IReadOnlyCollection<int> OpenPartitions { get; }

    /// <summary>The partition of the tuple being emitted.</summary>
    int CurrentPartition { get; }
}

/// <summary>Takes the tuples that a spout or bolt emits.</summary>
/// <typeparam name="T">The tuples.</typeparam>
public interface IEmitter<T>
{
    /// <summary>Emits one tuple. Never blocks: the engine waits for slow receivers between calls of the spout or bolt.</summary>
    void Emit(T tuple);
}

/// <summary>Takes the positions of a spout, each under a name of the unit it belongs to, such as a partition.</summary>
public sealed class PositionWriter
{
    private readonly Dictionary<string, byte[]> _positions = [];

    internal IReadOnlyDictionary<string, byte[]> Positions => _positions;

    /// <summary>Saves the position of one unit. After a restart the unit may belong to another task of the spout.</summary>
    public void Save(string unit, ReadOnlySpan<byte> position) => _positions[unit] = position.ToArray();
}
