using System.Threading.Channels;

namespace Freshet.Streams.Runtime;

/// <summary>Wakes one waiting task. Several wake-ups before the task looks count as one.</summary>
internal sealed class WakeSignal
{
    private readonly Channel<bool> _slot = Channel.CreateBounded<bool>(new BoundedChannelOptions(1)
    {
        FullMode = BoundedChannelFullMode.DropWrite,
        SingleReader = true,
    });

    public void Set() => _slot.Writer.TryWrite(true);

    public ValueTask<bool> WaitAsync(CancellationToken cancellation) => _slot.Reader.ReadAsync(cancellation);
}
