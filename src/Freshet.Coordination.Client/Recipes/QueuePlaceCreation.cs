using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Recipes;

/// <summary>Creates a numbered znode in a queue exactly once, though the connection may be lost before the server's answer comes.</summary>
internal static class QueuePlaceCreation
{
    /// <summary>Creates it, and the queue when that is missing. Not cancellable: whoever stops waiting must see to the znode.</summary>
    /// <returns>Never null.</returns>
    public static async Task<CreatedZnode?> CreateAsync(
        CoordinationClient client, string queue, ReadOnlyMemory<byte> data, bool shared, CreateMode mode = CreateMode.EphemeralSequential)
    {
        string prefix = QueueName.NewPrefix(shared);
        while (true)
        {
            try
            {
                return await client.CreateWithStatAsync($"{queue}/{prefix}", data, mode).ConfigureAwait(false);
            }
            catch (CoordinationException missing) when (missing.Error == ErrorCode.NoNode)
            {
                await UntilAnswered.RepeatAsync(client, () => client.CreatePathAsync(queue), default).ConfigureAwait(false);
            }
            catch (CoordinationException lost) when (lost.IsTransient)
            {
                // The GUID tells whether the create took effect before the connection was lost.
                if (await FindAsync(client, queue, prefix).ConfigureAwait(false) is CreatedZnode found)
                {
                    return found;
                }
            }
        }
    }

    private static async ValueTask<CreatedZnode?> FindAsync(CoordinationClient client, string queue, string prefix)
    {
        await UntilAnswered.RepeatAsync(client, () => client.SyncAsync(queue), default).ConfigureAwait(false);
        try
        {
            ZnodeChildren children = await UntilAnswered.RepeatAsync(client, () => client.GetChildrenAsync(queue), default).ConfigureAwait(false);
            string? name = children.Names.FirstOrDefault(name => name.StartsWith(prefix, StringComparison.Ordinal));
            string path = $"{queue}/{name}";
            return name is not null && await UntilAnswered.RepeatAsync(client, () => client.ExistsAsync(path), default).ConfigureAwait(false) is Stat stat
                ? new CreatedZnode(path, stat)
                : null;
        }
        catch (CoordinationException missing) when (missing.Error == ErrorCode.NoNode)
        {
            return null;
        }
    }
}
