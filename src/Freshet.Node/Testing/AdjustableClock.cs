namespace Freshet.Node.Testing;

/// <summary>
/// A clock for tests that can be put forward: pass it to <see cref="FreshetNode.StartAsync"/> and see what a week does to records and
/// offsets. Only the time of day moves. Sessions, heartbeats and waits go on by the machine's own clock, so that a jump ends nobody's
/// session; housekeeping (whatever runs at intervals of a minute or more) runs at once. Safe for use from many threads.
/// </summary>
public sealed class AdjustableClock : TimeProvider
{
    /// <summary>Timers of at least this period are housekeeping.</summary>
    private static readonly TimeSpan Housekeeping = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly List<HousekeepingTimer> _housekeeping = [];
    private long _aheadTicks;

    /// <summary>How far the clock is ahead of the machine's.</summary>
    public TimeSpan Ahead => TimeSpan.FromTicks(Interlocked.Read(ref _aheadTicks));

    /// <summary>Puts the clock forward and begins the housekeeping that is due; what it does is seen soon after.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        Interlocked.Add(ref _aheadTicks, time.Ticks);
        HousekeepingTimer[] due;
        lock (_lock)
        {
            due = [.. _housekeeping.Where(timer => timer.Period <= time)];
        }

        Array.ForEach(due, timer => timer.RunNow());
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period < Housekeeping)
        {
            return System.CreateTimer(callback, state, dueTime, period);
        }

        var timer = new HousekeepingTimer(this, System.CreateTimer(callback, state, dueTime, period), period);
        lock (_lock)
        {
            _housekeeping.Add(timer);
        }

        return timer;
    }

    private void Forget(HousekeepingTimer timer)
    {
        lock (_lock)
        {
            _housekeeping.Remove(timer);
        }
    }

    private sealed class HousekeepingTimer(AdjustableClock clock, ITimer timer, TimeSpan period) : ITimer
    {
        public TimeSpan Period { get; private set; } = period;

        public void RunNow() => timer.Change(TimeSpan.Zero, Period);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Period = period;
            return timer.Change(dueTime, period);
        }

        public void Dispose()
        {
            clock.Forget(this);
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            clock.Forget(this);
            return timer.DisposeAsync();
        }
    }
}
