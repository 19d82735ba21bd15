using System.Buffers;
using System.IO.Pipelines;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Connections;

/// <summary>
/// What goes to one client. Replies and events gather in <see cref="Unsent"/> in their order; <see cref="Flush"/> hands
/// them to the transport unless it is still busy with the last batch. Used in sequence only.
/// </summary>
internal sealed class ReplySender(PipeWriter output, Sequencer sequencer, Action flushed) : ISequenced
{
    private bool _busy;
    private bool _stopped;
    private Task _idle = Task.CompletedTask;

    public JuteWriter Unsent { get; } = new(512);

    public void Flush()
    {
        if (_busy || _stopped || Unsent.Length == 0)
        {
            return;
        }

        output.Write(Unsent.WrittenSpan);
        Unsent.Clear();
        ValueTask<FlushResult> flush = output.FlushAsync();
        if (!flush.IsCompletedSuccessfully)
        {
            _busy = true;
            _idle = AwaitAsync(flush.AsTask());
        }
    }

    /// <summary>Nothing is flushed in sequence any more; <see cref="FinishAsync"/> does the rest.</summary>
    public void Stop() => _stopped = true;

    /// <summary>Sends what is left after <see cref="Stop"/> and returns the memory.</summary>
    public async Task FinishAsync()
    {
        await _idle.ConfigureAwait(false);
        if (Unsent.Length > 0)
        {
            await output.WriteAsync(Unsent.WrittenMemory).ConfigureAwait(false);
        }

        Unsent.Dispose();
    }

    /// <summary>The transport took the last batch: send what gathered meanwhile.</summary>
    public void Run()
    {
        if (_stopped)
        {
            return;
        }

        _busy = false;
        Flush();
        flushed();
    }

    private async Task AwaitAsync(Task<FlushResult> flush)
    {
        // A failure means that the client is gone; the receiving side finds out too and ends the connection.
        await ((Task)flush).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        sequencer.PostAside(this);
    }
}
