using Freshet.Streams.State;

namespace Freshet.Streams.Checkpoints;

/// <summary>
/// One checkpoint on its way through the topology: the mark that flows with the tuples, and the place where every task leaves its state.
/// </summary>
/// <param name="id">Number of the checkpoint; it only grows.</param>
/// <param name="expected">How many states there will be: one per task of each component.</param>
/// <param name="isLast">Whether spouts must emit nothing behind it.</param>
internal sealed class CheckpointBarrier(long id, int expected, bool isLast)
{
    private readonly Lock _gate = new();
    private readonly List<SavedState> _states = [];
    private readonly TaskCompletionSource<IReadOnlyList<SavedState>> _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Id => id;

    public bool IsLast => isLast;

    /// <summary>Completes with all states once the barrier has passed every task.</summary>
    public Task<IReadOnlyList<SavedState>> States => _complete.Task;

    public void Add(string component, int task, ComponentState state)
    {
        lock (_gate)
        {
            _states.Add(new SavedState(component, task, state));
            if (_states.Count == expected)
            {
                _complete.TrySetResult(_states);
            }
        }
    }
}

/// <summary>The state of one task of one component.</summary>
internal sealed record SavedState(string Component, int Task, ComponentState State);
