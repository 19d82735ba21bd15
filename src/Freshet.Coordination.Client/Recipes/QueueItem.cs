using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Recipes;

/// <summary>
/// An item taken from a <see cref="CoordinationQueue"/>. Call <see cref="CompleteAsync"/> when its work is done; disposing it without
/// gives it back to the queue.
/// </summary>
public sealed class QueueItem : IAsyncDisposable
{
    private readonly CoordinationClient _client;
    private readonly OwnZnode _claim;
    private readonly SessionLease _lease;

    private QueueItem(CoordinationClient client, string path, OwnZnode claim, ZnodeData data)
    {
        (_client, Path, _claim, Data) = (client, path, claim, data.Data ?? []);
        _lease = new SessionLease(client);
    }

    /// <summary>What was enqueued.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The item's znode. The same item has the same path when it is delivered again, so work can be recognised.</summary>
    public string Path { get; }

    /// <summary>Cancelled when the session is over, or may be: someone else may get the item then.</summary>
    public CancellationToken Lost => _lease.Lost;

    /// <summary>Removes the item from the queue for good.</summary>
    /// <exception cref="CoordinationException">The session is over, and with it the hold on the item: it will be delivered again. Or the service refused.</exception>
    public async ValueTask CompleteAsync(CancellationToken cancellation = default)
    {
        try
        {
            await UntilAnswered.RepeatAsync(
                _client, () => _client.CommitAsync(new CoordinationTransaction().Delete(_claim.Path).Delete(Path), cancellation), cancellation).ConfigureAwait(false);
        }
        catch (CoordinationException gone) when (gone.Error == ErrorCode.NoNode)
        {
            // Most likely done by an attempt whose reply was lost.
            if (await UntilAnswered.RepeatAsync(_client, () => _client.ExistsAsync(Path, null, cancellation), cancellation).ConfigureAwait(false) is not null)
            {
                throw;
            }
        }
    }

    /// <summary>Gives the item back, unless it is completed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _lease.DisposeAsync().ConfigureAwait(false);
        await _claim.DeleteAsync().ConfigureAwait(false);
    }

    /// <summary>Takes the item if it is there and nobody holds it; null otherwise.</summary>
    internal static async ValueTask<QueueItem?> TryTakeAsync(CoordinationClient client, string path, string claimPath, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        OwnZnode? claim = await OwnZnode.CreatedAsync(client, ClaimAsync(client, claimPath), cancellation).ConfigureAwait(false);
        if (claim is null)
        {
            return null;
        }

        QueueItem? item = null;
        try
        {
            ZnodeData? data = await ZnodeOrNull.ReadAsync(client, path, cancellation).ConfigureAwait(false);
            item = data is null ? null : new QueueItem(client, path, claim, data);
            return item;
        }
        finally
        {
            if (item is null)
            {
                await claim.DeleteAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Creates the claim exactly once; null when somebody else has it.</summary>
    private static async Task<CreatedZnode?> ClaimAsync(CoordinationClient client, string path)
    {
        byte[] mark = Guid.NewGuid().ToByteArray();
        try
        {
            return await UntilAnswered.RepeatAsync(client, () => client.CreateWithStatAsync(path, mark, CreateMode.Ephemeral), default).ConfigureAwait(false);
        }
        catch (CoordinationException taken) when (taken.Error == ErrorCode.NodeExists)
        {
            // By this very call, if the reply to its first attempt was lost.
            ZnodeData? claim = await ZnodeOrNull.ReadAsync(client, path, default).ConfigureAwait(false);
            return mark.AsSpan().SequenceEqual(claim?.Data) ? new CreatedZnode(path, claim!.Stat) : null;
        }
    }
}
