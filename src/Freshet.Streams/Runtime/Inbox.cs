using System.Threading.Channels;

namespace Freshet.Streams.Runtime;

/// <summary>
/// The input of one task: a bounded channel from each task that sends to it. A channel can be closed off while a barrier is awaited
/// on the others; its messages then wait in the channel, and its sender with them.
/// </summary>
internal sealed class Inbox
{
    /// <summary>Batches that wait per channel before the sender does. Small, so that memory stays bounded and barriers pass quickly.</summary>
    private const int ChannelCapacity = 8;

    private readonly List<Channel<Message>> _channels = [];
    private readonly List<bool> _blocked = [];
    private int _next;

    public WakeSignal Wake { get; } = new();

    public int ChannelCount => _channels.Count;

    /// <summary>Adds a channel for one sending task.</summary>
    public InboxChannel AddChannel()
    {
        var channel = Channel.CreateBounded<Message>(new BoundedChannelOptions(ChannelCapacity) { SingleReader = true, SingleWriter = true });
        _channels.Add(channel);
        _blocked.Add(false);
        return new InboxChannel(channel.Writer, Wake);
    }

    /// <summary>Takes the next message, going round the channels so that none is starved.</summary>
    public bool TryRead(out Message message, out int channel)
    {
        for (int tried = 0; tried < _channels.Count; tried++)
        {
            channel = _next;
            _next = _next + 1 == _channels.Count ? 0 : _next + 1;
            if (!_blocked[channel] && _channels[channel].Reader.TryRead(out message!))
            {
                return true;
            }
        }

        (message, channel) = (null!, -1);
        return false;
    }

    public void Block(int channel) => _blocked[channel] = true;

    public void UnblockAll()
    {
        for (int channel = 0; channel < _blocked.Count; channel++)
        {
            _blocked[channel] = false;
        }
    }
}

/// <summary>The sending end of one channel.</summary>
internal sealed class InboxChannel(ChannelWriter<Message> writer, WakeSignal receiver)
{
    public bool TryWrite(Message message)
    {
        if (!writer.TryWrite(message))
        {
            return false;
        }

        receiver.Set();
        return true;
    }

    /// <summary>Waits for room: this is how a slow receiver slows its sender.</summary>
    public async ValueTask WriteAsync(Message message, CancellationToken cancellation)
    {
        await writer.WriteAsync(message, cancellation).ConfigureAwait(false);
        receiver.Set();
    }
}
