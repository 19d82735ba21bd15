using Freshet.Streams.Checkpoints;

namespace Freshet.Streams.Runtime;

/// <summary>What an operator's output leads to: nothing, one receiver, or several that each get every tuple. Counts the tuples emitted.</summary>
internal sealed class FanOut<T>(TaskMetrics metrics, Output<T>[] receivers) : Output<T>
{
    private readonly Output<T>? _only = receivers.Length == 1 ? receivers[0] : null;

    public override void Emit(T tuple)
    {
        metrics.Emitted++;
        if (_only is not null)
        {
            _only.Emit(tuple);
            return;
        }

        foreach (Output<T> receiver in receivers)
        {
            receiver.Emit(tuple);
        }
    }

    public override ValueTask OpenAsync() => EachAsync(receiver => receiver.OpenAsync());

    public override ValueTask DrainAsync() => _only?.DrainAsync() ?? EachAsync(receiver => receiver.DrainAsync());

    public override ValueTask FlushAsync() => _only?.FlushAsync() ?? EachAsync(receiver => receiver.FlushAsync());

    public override ValueTask AdvanceAsync(long watermark) => EachAsync(receiver => receiver.AdvanceAsync(watermark));

    public override ValueTask IdleAsync() => EachAsync(receiver => receiver.IdleAsync());

    public override ValueTask TickAsync() => EachAsync(receiver => receiver.TickAsync());

    public override ValueTask BarrierAsync(CheckpointBarrier barrier) => EachAsync(receiver => receiver.BarrierAsync(barrier));

    public override ValueTask EndAsync() => EachAsync(receiver => receiver.EndAsync());

    private async ValueTask EachAsync(Func<Output<T>, ValueTask> action)
    {
        foreach (Output<T> receiver in receivers)
        {
            await action(receiver).ConfigureAwait(false);
        }
    }
}
