using Freshet.Streams.Checkpoints;
using Freshet.Streams.Runtime;

namespace Freshet.Streams.Groupings;

/// <summary>Sends tuples to the tasks of another component; each grouping decides in its own way which task gets which.</summary>
internal abstract class EdgeOutput<T>(TaskFlow flow, InboxChannel[] channels) : Output<T>
{
    protected EdgeTarget<T>[] Targets { get; } = [.. channels.Select(channel => new EdgeTarget<T>(flow, channel))];

    public override ValueTask OpenAsync() => ValueTask.CompletedTask;

    public override async ValueTask DrainAsync()
    {
        foreach (EdgeTarget<T> target in Targets)
        {
            await target.DrainAsync().ConfigureAwait(false);
        }
    }

    public override async ValueTask FlushAsync()
    {
        foreach (EdgeTarget<T> target in Targets)
        {
            await target.FlushAsync().ConfigureAwait(false);
        }
    }

    public override ValueTask AdvanceAsync(long watermark) => SendAsync(new WatermarkMessage(watermark));

    public override ValueTask IdleAsync() => SendAsync(IdleMessage.Instance);

    public override ValueTask TickAsync() => ValueTask.CompletedTask;

    public override ValueTask BarrierAsync(CheckpointBarrier barrier) => SendAsync(new BarrierMessage(barrier));

    public override ValueTask EndAsync() => SendAsync(EndMessage.Instance);

    private async ValueTask SendAsync(Message message)
    {
        foreach (EdgeTarget<T> target in Targets)
        {
            await target.SendAsync(message).ConfigureAwait(false);
        }
    }
}
