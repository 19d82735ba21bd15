namespace Freshet.Streams.Runtime;

/// <summary>
/// The task of a component that takes tuples from other tasks. It aligns barriers: once one has come on a channel, that channel waits
/// until the barrier has come on all of them, so that the saved state holds exactly what came before it.
/// </summary>
internal sealed class BoltTask<T>(string component, int taskIndex, Inbox inbox, Output<T> head, TaskFlow flow) : ITaskLoop
{
    private readonly ChannelWatermarks _watermarks = new(inbox.ChannelCount);
    private int _barriers;
    private int _ended;

    public string Component => component;

    public int TaskIndex => taskIndex;

    public async Task RunAsync()
    {
        using (flow)
        {
            await head.OpenAsync().ConfigureAwait(false);
            var linger = new Linger(flow.Time);
            while (_ended < inbox.ChannelCount)
            {
                if (!inbox.TryRead(out Message message, out int channel))
                {
                    await WaitAsync().ConfigureAwait(false);
                    continue;
                }

                await ReceiveAsync(message, channel).ConfigureAwait(false);
                if (linger.IsOver())
                {
                    await head.FlushAsync().ConfigureAwait(false);
                    await TickAsync().ConfigureAwait(false);
                    await Task.Yield(); // Lets other tasks have the thread: there may be more of them than threads.
                }
            }

            await head.EndAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask WaitAsync()
    {
        await head.FlushAsync().ConfigureAwait(false);
        long since = flow.Time.GetTimestamp();
        await inbox.Wake.WaitAsync(flow.Cancellation).ConfigureAwait(false);
        flow.AddIdle(flow.Time.GetElapsedTime(since));
        await TickAsync().ConfigureAwait(false);
    }

    private ValueTask TickAsync() => flow.TakeTick() ? head.TickAsync() : ValueTask.CompletedTask;

    private ValueTask ReceiveAsync(Message message, int channel) => message switch
    {
        Batch<T> batch => ExecuteAsync(batch),
        WatermarkMessage watermark => AdvanceAsync(_watermarks.Advance(channel, watermark.Ticks)),
        IdleMessage => AdvanceAsync(_watermarks.SetIdle(channel)),
        BarrierMessage barrier => AlignAsync(barrier, channel),
        _ => End(),
    };

    private async ValueTask ExecuteAsync(Batch<T> batch)
    {
        int done = 0;
        while (done < batch.Count)
        {
            done = ExecuteUntilBlocked(batch, done);
            if (flow.IsBlocked)
            {
                flow.IsBlocked = false;
                await head.DrainAsync().ConfigureAwait(false);
            }
        }

        batch.Return();
    }

    private int ExecuteUntilBlocked(Batch<T> batch, int next)
    {
        ReadOnlySpan<T> tuples = batch.Tuples;
        while (next < tuples.Length && !flow.IsBlocked)
        {
            head.Emit(tuples[next++]);
        }

        return next;
    }

    private async ValueTask AdvanceAsync(ChannelWatermarks.Change change)
    {
        if (change.MustTell)
        {
            await head.AdvanceAsync(_watermarks.Current).ConfigureAwait(false);
        }

        if (change.BecameIdle)
        {
            await head.IdleAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask AlignAsync(BarrierMessage message, int channel)
    {
        inbox.Block(channel);
        if (++_barriers == inbox.ChannelCount)
        {
            _barriers = 0;
            await head.BarrierAsync(message.Barrier).ConfigureAwait(false);
            inbox.UnblockAll();
        }
    }

    /// <summary>A channel that ends because its input did has sent the end of time before; one that was stopped must not move event time.</summary>
    private ValueTask End()
    {
        _ended++;
        return ValueTask.CompletedTask;
    }
}
