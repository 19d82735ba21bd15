using Freshet.Streams.Checkpoints;
using Freshet.Streams.State;

namespace Freshet.Streams.Runtime;

/// <summary>The task of a spout: asks it for tuples, and between calls starts barriers, tells completed checkpoints and ends.</summary>
internal sealed class SpoutTask<T>(OperatorContext context, ISpout<T> spout, Output<T> output, SpoutControl control, Action ended) : ITaskLoop
{
    /// <summary>How long a spout that does not wait by itself is left alone when it had nothing twice.</summary>
    private static readonly TimeSpan IdlePause = TimeSpan.FromMilliseconds(5);

    /// <summary>What one call without input counts as idle at the most; spouts wait no longer, so the rest was lost elsewhere.</summary>
    private static readonly TimeSpan LongestIdle = TimeSpan.FromMilliseconds(100);

    private bool _isFinished;
    private long _idleSince;
    private bool _wasIdle;
    private bool _hasWaited;

    public string Component => context.Component;

    public int TaskIndex => context.TaskIndex;

    private TaskFlow Flow => context.Flow;

    public async Task RunAsync()
    {
        using (Flow)
        await using (spout.ConfigureAwait(false))
        {
            await output.OpenAsync().ConfigureAwait(false);
            await spout.OpenAsync(ContextForSpout(), Flow.Cancellation).ConfigureAwait(false);
            var linger = new Linger(Flow.Time);
            while (!control.IsEndRequested)
            {
                Flow.Cancellation.ThrowIfCancellationRequested();
                control.Rearm();
                await ServeRequestsAsync().ConfigureAwait(false);
                await StepAsync().ConfigureAwait(false);
                if (linger.IsOver())
                {
                    await output.FlushAsync().ConfigureAwait(false);
                    await Task.Yield(); // Lets other tasks have the thread: there may be more of them than threads.
                }
            }

            await TellCompletedAsync().ConfigureAwait(false);
            await output.EndAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask StepAsync()
    {
        if (control.IsEndRequested)
        {
            return;
        }

        SpoutStatus status = _isFinished ? SpoutStatus.Ended : await NextAsync().ConfigureAwait(false);
        CountIdle();
        if (Flow.IsBlocked)
        {
            Flow.IsBlocked = false;
            await output.DrainAsync().ConfigureAwait(false);
        }

        switch (status)
        {
            case SpoutStatus.Emitted:
                _wasIdle = false;
                break;
            case SpoutStatus.Idle:
                await RestAsync().ConfigureAwait(false);
                break;
            case SpoutStatus.Ended when _isFinished:
                await WaitAsync().ConfigureAwait(false);
                break;
            case SpoutStatus.Ended:
                _isFinished = true;
                await output.FlushAsync().ConfigureAwait(false);
                await output.AdvanceAsync(Message.EndOfTime).ConfigureAwait(false);
                ended();
                break;
        }
    }

    private async ValueTask<SpoutStatus> NextAsync()
    {
        try
        {
            ValueTask<SpoutStatus> next = spout.NextAsync(output, control.Interrupt);
            _hasWaited = !next.IsCompleted;
            return await next.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (control.Interrupt.IsCancellationRequested)
        {
            Flow.Cancellation.ThrowIfCancellationRequested();
            // A request came while the spout waited: it is served now, and the spout is asked again.
            return SpoutStatus.Emitted;
        }
    }

    /// <summary>Sends on what is buffered. A spout that waits for its input by itself is asked again at once, so that nothing it gets has to wait.</summary>
    private async ValueTask RestAsync()
    {
        await output.FlushAsync().ConfigureAwait(false);
        _idleSince = Flow.Time.GetTimestamp();
        if (_wasIdle && !_hasWaited)
        {
            Flow.RequestTick(IdlePause);
            await WaitAsync().ConfigureAwait(false);
        }

        _wasIdle = true;
    }

    private void CountIdle()
    {
        if (_wasIdle)
        {
            TimeSpan idle = Flow.Time.GetElapsedTime(_idleSince);
            Flow.AddIdle(idle < LongestIdle ? idle : LongestIdle);
        }
    }

    private async ValueTask WaitAsync()
    {
        await control.Wake.WaitAsync(Flow.Cancellation).ConfigureAwait(false);
        if (Flow.TakeTick())
        {
            await output.TickAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask ServeRequestsAsync()
    {
        await TellCompletedAsync().ConfigureAwait(false);
        while (control.TryTakeBarrier(out CheckpointBarrier? barrier))
        {
            await output.FlushAsync().ConfigureAwait(false);
            barrier!.Add(Component, TaskIndex, SavePositions());
            await output.BarrierAsync(barrier).ConfigureAwait(false);
            // Whatever came behind the last barrier would be repeated after a restart.
            _isFinished |= barrier.IsLast;
        }
    }

    private ValueTask TellCompletedAsync() => control.TakeCompleted() is long completed and > 0
        ? spout.CheckpointCompletedAsync(completed, Flow.Cancellation)
        : ValueTask.CompletedTask;

    private ComponentState SavePositions()
    {
        var positions = new PositionWriter();
        spout.SavePositions(positions);
        var state = new ComponentState();
        foreach ((string unit, byte[] position) in positions.Positions)
        {
            state.AddPosition(unit, position);
        }

        return state;
    }

    private SpoutContext ContextForSpout()
    {
        var positions = new Dictionary<string, ReadOnlyMemory<byte>>(context.Restored.Positions);
        return new SpoutContext(Component, TaskIndex, context.TaskCount, context.Logger, Flow.Time, positions);
    }
}
