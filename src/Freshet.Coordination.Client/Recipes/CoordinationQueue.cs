using System.Collections.Concurrent;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Recipes;

/// <summary>
/// A queue between sessions. Each item is delivered at least once: whoever takes it holds it until it is completed; if its session
/// ends first, or it gives the item up, someone else gets it. Items come roughly in the order of their enqueuing. Thread-safe.
/// </summary>
/// <remarks>
/// Made for jobs, not for streams: the server keeps all items in memory, a listing must fit a frame (tens of thousands of items), and
/// each arrival wakes every waiting consumer. An enqueue whose reply was lost may enqueue its item twice if the first was consumed meanwhile.
/// </remarks>
/// <param name="client">The session; what it holds goes back to the queue when it ends.</param>
/// <param name="path">The queue's znode; created when missing and never deleted.</param>
public sealed class CoordinationQueue(CoordinationClient client, string path)
{
    private readonly string _items = $"{path}/items";
    private readonly string _claims = $"{path}/claims";

    // Names listed and not yet tried, so that a listing serves many dequeues.
    private readonly ConcurrentQueue<string> _listed = new();

    /// <summary>Adds an item at the end. It stays until it is completed, also when this session ends. Cancelling may come too late.</summary>
    /// <param name="data">Less than the server's frame limit, 1 MiB by default.</param>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async ValueTask EnqueueAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        await QueuePlaceCreation.CreateAsync(client, _items, data, shared: false, CreateMode.PersistentSequential).WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes an item that nobody holds; waits for one. A cancelled wait holds nothing.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async ValueTask<QueueItem> DequeueAsync(CancellationToken cancellation = default)
    {
        while (true)
        {
            if (await TryTakeListedAsync(cancellation).ConfigureAwait(false) is QueueItem listed)
            {
                return listed;
            }

            using ZnodeWatch items = new(), claims = new();
            if (!await ListAsync(items, claims, cancellation).ConfigureAwait(false))
            {
                await Task.WhenAny(items.Fired, claims.Fired).Unwrap().WaitAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Items in the queue, held ones included, as the server at hand knows it.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async ValueTask<int> CountAsync(CancellationToken cancellation = default)
    {
        Stat? stat = await UntilAnswered.RepeatAsync(client, () => client.ExistsAsync(_items, null, cancellation), cancellation).ConfigureAwait(false);
        return stat?.NumChildren ?? 0;
    }

    private async ValueTask<QueueItem?> TryTakeListedAsync(CancellationToken cancellation)
    {
        while (_listed.TryDequeue(out string? name))
        {
            if (await QueueItem.TryTakeAsync(client, $"{_items}/{name}", $"{_claims}/{name}", cancellation).ConfigureAwait(false) is QueueItem item)
            {
                return item;
            }
        }

        return null;
    }

    /// <summary>Lists the items that nobody holds.</summary>
    /// <returns>Whether there are any.</returns>
    private async ValueTask<bool> ListAsync(ZnodeWatch items, ZnodeWatch claims, CancellationToken cancellation)
    {
        // Claims first: one that ends later fires its watch, and an item that was claimed since is tried in vain.
        ZnodeChildren held = await ReadChildrenAsync(_claims, claims, cancellation).ConfigureAwait(false);
        ZnodeChildren all = await ReadChildrenAsync(_items, items, cancellation).ConfigureAwait(false);
        string[] free = [.. QueueName.InOrder(all.Names).Select(name => name.Text).Except(held.Names)];
        Array.ForEach(free, _listed.Enqueue);
        return free.Length > 0;
    }

    /// <summary>Reads the children of a znode, which is created when missing.</summary>
    private async ValueTask<ZnodeChildren> ReadChildrenAsync(string parent, ZnodeWatch watch, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await UntilAnswered.RepeatAsync(client, () => client.GetChildrenAsync(parent, watch, cancellation), cancellation).ConfigureAwait(false);
            }
            catch (CoordinationException missing) when (missing.Error == ErrorCode.NoNode)
            {
                await UntilAnswered.RepeatAsync(client, () => client.CreatePathAsync(parent, cancellation), cancellation).ConfigureAwait(false);
            }
        }
    }
}
