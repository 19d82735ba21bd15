using Freshet.Streams.Checkpoints;
using Freshet.Streams.State;

namespace Freshet.Streams.Runtime;

/// <summary>Runs an <see cref="ISink{T}"/>: gathers tuples into batches for it.</summary>
internal sealed class SinkOperator<T>(OperatorContext context, ISink<T> sink) : Output<T>
{
    private Batch<T> _batch = Batch<T>.Rent();
    private List<Batch<T>>? _waiting;

    public override void Emit(T tuple)
    {
        context.Metrics.Executed++;
        _batch.Add(tuple);
        if (_batch.IsFull)
        {
            (_waiting ??= []).Add(_batch);
            _batch = Batch<T>.Rent();
            context.Flow.IsBlocked = true;
        }
    }

    public override ValueTask OpenAsync() => sink.OpenAsync(context.ForUser(), context.Flow.Cancellation);

    public override async ValueTask DrainAsync()
    {
        foreach (Batch<T> batch in _waiting ?? [])
        {
            await WriteAsync(batch).ConfigureAwait(false);
        }

        _waiting?.Clear();
    }

    public override async ValueTask FlushAsync()
    {
        await DrainAsync().ConfigureAwait(false);
        if (_batch.Count > 0)
        {
            Batch<T> batch = _batch;
            _batch = Batch<T>.Rent();
            await WriteAsync(batch).ConfigureAwait(false);
        }
    }

    public override async ValueTask AdvanceAsync(long watermark)
    {
        context.Metrics.Watermark = watermark;
        await FlushAsync().ConfigureAwait(false);
    }

    public override ValueTask IdleAsync() => FlushAsync();

    public override ValueTask TickAsync() => FlushAsync();

    public override async ValueTask BarrierAsync(CheckpointBarrier barrier)
    {
        await FlushAsync().ConfigureAwait(false);
        await sink.FlushAsync(context.Flow.Cancellation).ConfigureAwait(false);
        barrier.Add(context.Component, context.TaskIndex, new ComponentState());
    }

    public override async ValueTask EndAsync()
    {
        await FlushAsync().ConfigureAwait(false);
        await sink.FlushAsync(context.Flow.Cancellation).ConfigureAwait(false);
    }

    private async ValueTask WriteAsync(Batch<T> batch)
    {
        await sink.WriteAsync(batch.Memory, context.Flow.Cancellation).ConfigureAwait(false);
        batch.Return();
    }
}
