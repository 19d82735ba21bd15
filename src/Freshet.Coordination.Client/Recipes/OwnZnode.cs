using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Recipes;

/// <summary>A znode that one recipe created and that goes when the recipe no longer needs it.</summary>
internal sealed class OwnZnode(CoordinationClient client, CreatedZnode znode)
{
    public string Path => znode.Path;

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>zxid of its creation.</summary>
    public long Czxid => znode.Stat.Czxid;

    /// <summary>Waits for a creation. When cancelled it leaves nothing behind: a forgotten znode would be in the way as long as the session lives.</summary>
    /// <param name="creating">Creates it exactly once, or gives null. Goes on when the wait is cancelled.</param>
    public static async ValueTask<OwnZnode?> CreatedAsync(CoordinationClient client, Task<CreatedZnode?> creating, CancellationToken cancellation)
    {
        try
        {
            return await creating.WaitAsync(cancellation).ConfigureAwait(false) is CreatedZnode created ? new OwnZnode(client, created) : null;
        }
        catch (OperationCanceledException)
        {
            _ = DeleteOnceCreatedAsync();
            throw;
        }

        async Task DeleteOnceCreatedAsync()
        {
            await ((Task)creating).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (creating.IsCompletedSuccessfully && await creating.ConfigureAwait(false) is CreatedZnode created)
            {
                await new OwnZnode(client, created).DeleteAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Deletes it. When the connection is lost just then, it goes on trying behind the caller's back until the session ends.</summary>
    public async ValueTask DeleteAsync()
    {
        if (!await TryDeleteAsync().ConfigureAwait(false))
        {
            _ = KeepDeletingAsync();
        }
    }

    private async Task KeepDeletingAsync()
    {
        while (await IsThereAsync().ConfigureAwait(false) && !await TryDeleteAsync().ConfigureAwait(false))
        {
            // Each attempt waits for a connection by itself.
        }
    }

    /// <summary>Whether this very znode is still there: the delete may have happened, and someone else may have taken the name since.</summary>
    private async ValueTask<bool> IsThereAsync()
    {
        try
        {
            await UntilAnswered.RepeatAsync(client, () => client.SyncAsync(Path), default).ConfigureAwait(false);
            Stat? stat = await UntilAnswered.RepeatAsync(client, () => client.ExistsAsync(Path), default).ConfigureAwait(false);
            return stat?.Czxid == Czxid;
        }
        catch (CoordinationException)
        {
            return false; // gone with its session
        }
    }

    /// <returns>Whether the znode is gone for certain.</returns>
    private async ValueTask<bool> TryDeleteAsync()
    {
        try
        {
            await client.DeleteAsync(Path).ConfigureAwait(false);
            return true;
        }
        catch (CoordinationException failure)
        {
            // Gone already, or going with its session; anything transient is worth another attempt.
            return !failure.IsTransient;
        }
    }
}
