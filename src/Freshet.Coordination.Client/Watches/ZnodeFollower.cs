using System.Runtime.CompilerServices;

namespace Freshet.Coordination.Client.Watches;

/// <summary>Reads a znode again and again, each time after a one-shot watch said that it changed.</summary>
internal static class ZnodeFollower
{
    /// <param name="read">Reads the znode and sets the watch; null when there is none.</param>
    /// <param name="version">Tells values apart, so that a watch that fires without need yields nothing.</param>
    public static async IAsyncEnumerable<T?> FollowAsync<T>(
        CoordinationClient client, string path, Func<ZnodeWatch, ValueTask<T?>> read,
        Func<T, (long Created, long Changed)> version, [EnumeratorCancellation] CancellationToken cancellation)
        where T : class
    {
        (long, long)? last = (-1, -1);
        while (true)
        {
            using var watch = new ZnodeWatch();
            T? value = await ReadSurelyAsync(client, path, watch, read, cancellation).ConfigureAwait(false);
            (long, long)? current = value is null ? null : version(value);
            if (current != last)
            {
                last = current;
                yield return value;
            }

            await watch.Fired.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private static async ValueTask<T?> ReadSurelyAsync<T>(
        CoordinationClient client, string path, ZnodeWatch watch, Func<ZnodeWatch, ValueTask<T?>> read, CancellationToken cancellation)
        where T : class
    {
        while (true)
        {
            try
            {
                if (await read(watch).ConfigureAwait(false) is { } value)
                {
                    return value;
                }

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
