namespace Freshet.Streams.Runtime;

/// <summary>What the operators fused into one task share. Only that task's loop touches it, but for <see cref="RequestTick"/>'s timer.</summary>
internal sealed class TaskFlow(WakeSignal wake, TimeProvider time, CancellationToken failed) : IDisposable
{
    private ITimer? _timer;
    private bool _tickArmed;
    private volatile bool _tickDue;

    /// <summary>Set when a receiver had no room: the loop drains before it takes the next tuple.</summary>
    public bool IsBlocked { get; set; }

    public TimeProvider Time => time;

    /// <summary>
    /// How long the task has waited for input, in all. An input's silence is measured with it: a task held up by its receivers, or by a
    /// busy machine, does not hear an input that may be anything but silent.
    /// </summary>
    public TimeSpan TimeIdle { get; private set; }

    public void AddIdle(TimeSpan waited) => TimeIdle += waited;

    /// <summary>Cancelled when the run has failed or was stopped at once.</summary>
    public CancellationToken Cancellation => failed;

    /// <summary>Asks for one <see cref="Output{T}.TickAsync"/> after so long. Requests while one is pending are merged, and an idle task has none.</summary>
    public void RequestTick(TimeSpan after)
    {
        if (_tickArmed)
        {
            return;
        }

        _tickArmed = true;
        _timer ??= time.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(after, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether a tick is due; asking takes it.</summary>
    public bool TakeTick()
    {
        if (!_tickDue)
        {
            return false;
        }

        (_tickDue, _tickArmed) = (false, false);
        return true;
    }

    public void Dispose() => _timer?.Dispose();

    private void Ring()
    {
        _tickDue = true;
        wake.Set();
    }
}
