using Freshet.Streams.Runtime;

namespace Freshet.Streams.Groupings;

/// <summary>One receiving task, seen from one sending task: the batch being filled, and batches that found no room yet.</summary>
internal sealed class EdgeTarget<T>(TaskFlow flow, InboxChannel channel)
{
    private readonly Queue<Batch<T>> _waiting = new();
    private Batch<T>? _batch;

    /// <summary>Adds a tuple; a full batch leaves at once if there is room.</summary>
    /// <returns>True when a batch was filled.</returns>
    public bool Add(T tuple)
    {
        _batch ??= Batch<T>.Rent();
        _batch.Add(tuple);
        if (!_batch.IsFull)
        {
            return false;
        }

        if (_waiting.Count > 0 || !channel.TryWrite(_batch))
        {
            _waiting.Enqueue(_batch);
            flow.IsBlocked = true;
        }

        _batch = null;
        return true;
    }

    public async ValueTask DrainAsync()
    {
        while (_waiting.TryPeek(out Batch<T>? batch))
        {
            await channel.WriteAsync(batch, flow.Cancellation).ConfigureAwait(false);
            _waiting.Dequeue();
        }
    }

    public async ValueTask FlushAsync()
    {
        await DrainAsync().ConfigureAwait(false);
        if (_batch is Batch<T> batch)
        {
            _batch = null;
            await channel.WriteAsync(batch, flow.Cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a message behind every tuple added so far.</summary>
    public async ValueTask SendAsync(Message message)
    {
        await FlushAsync().ConfigureAwait(false);
        await channel.WriteAsync(message, flow.Cancellation).ConfigureAwait(false);
    }
}
