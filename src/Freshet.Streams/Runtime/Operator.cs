using Freshet.Streams.Checkpoints;
using Freshet.Streams.State;

namespace Freshet.Streams.Runtime;

/// <summary>An operator with one output: takes tuples, emits to <see cref="Next"/>, and passes everything else on.</summary>
internal abstract class Operator<TIn, TOut>(OperatorContext context, Output<TOut> next) : Output<TIn>
{
    protected OperatorContext Context => context;

    protected Output<TOut> Next => next;

    public override async ValueTask OpenAsync()
    {
        await next.OpenAsync().ConfigureAwait(false);
        Open();
    }

    public override ValueTask DrainAsync() => next.DrainAsync();

    public override ValueTask FlushAsync() => next.FlushAsync();

    public override async ValueTask AdvanceAsync(long watermark)
    {
        context.Metrics.Watermark = watermark;
        OnWatermark(watermark);
        await next.DrainAsync().ConfigureAwait(false);
        await next.AdvanceAsync(watermark).ConfigureAwait(false);
    }

    public override ValueTask IdleAsync() => next.IdleAsync();

    public override async ValueTask TickAsync()
    {
        OnTick();
        await next.DrainAsync().ConfigureAwait(false);
        await next.TickAsync().ConfigureAwait(false);
        await next.FlushAsync().ConfigureAwait(false);
    }

    public override ValueTask BarrierAsync(CheckpointBarrier barrier)
    {
        var saved = new ComponentState();
        Save(saved);
        barrier.Add(context.Component, context.TaskIndex, saved);
        return next.BarrierAsync(barrier);
    }

    public override ValueTask EndAsync() => next.EndAsync();

    protected abstract void Open();

    protected virtual void OnWatermark(long watermark)
    {
    }

    protected virtual void OnTick()
    {
    }

    protected virtual void Save(ComponentState state)
    {
    }
}
