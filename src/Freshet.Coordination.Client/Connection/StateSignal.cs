using System.Runtime.CompilerServices;

namespace Freshet.Coordination.Client.Connection;

/// <summary>The session's state, and whoever waits for it to change. Thread-safe.</summary>
internal sealed class StateSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConnectionState Current { get; private set; }

    public void Set(ConnectionState state)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (state == Current)
            {
                return;
            }

            Current = state;
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    /// <summary>The state now and whenever it changed; a slow reader sees the newest, not every one. Ends after a final state.</summary>
    public async IAsyncEnumerable<ConnectionState> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            (ConnectionState state, Task changed) = Look();
            yield return state;
            if (state.IsFinal())
            {
                yield break;
            }

            await changed.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private (ConnectionState State, Task Changed) Look()
    {
        lock (_gate)
        {
            return (Current, _changed.Task);
        }
    }
}
