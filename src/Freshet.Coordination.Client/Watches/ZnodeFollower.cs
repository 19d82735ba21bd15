using System.Runtime.CompilerServices;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Watches;

/// <summary>Reads a znode again and again, each time after a one-shot watch said that it changed.</summary>
internal static class ZnodeFollower
{
    /// <param name="read">Reads the znode and sets the watch; throws NoNode when there is none.</param>
    public static async IAsyncEnumerable<T?> FollowAsync<T>(
        CoordinationClient client, string path, Func<ZnodeWatch, ValueTask<T>> read, [EnumeratorCancellation] CancellationToken cancellation)
        where T : class
    {
        while (true)
        {
            var watch = new ZnodeWatch();
            yield return await ReadSurelyAsync(client, path, watch, read, cancellation).ConfigureAwait(false);
            await watch.Fired.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private static async ValueTask<T?> ReadSurelyAsync<T>(
        CoordinationClient client, string path, ZnodeWatch watch, Func<ZnodeWatch, ValueTask<T>> read, CancellationToken cancellation)
        where T : class
    {
        while (true)
        {
            try
            {
                return await read(watch).ConfigureAwait(false);
            }
            catch (CoordinationException missing) when (missing.Error == ErrorCode.NoNode)
            {
                if (await client.ExistsAsync(path, watch, cancellation).ConfigureAwait(false) is null)
                {
                    return null;
                }
            }
            catch (CoordinationException lost) when (lost.IsTransient)
            {
                await client.ConnectedAsync(cancellation).ConfigureAwait(false);
            }
        }
    }
}
