namespace Freshet.Coordination.Client.Recipes;

/// <summary>Repeats a read, which is always safe, until it has an answer.</summary>
internal static class SureRead
{
    /// <exception cref="CoordinationException">The service refused the read, or the session is over.</exception>
    public static async ValueTask<T> ReadAsync<T>(CoordinationClient client, Func<ValueTask<T>> read, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await read().ConfigureAwait(false);
            }
            catch (CoordinationException lost) when (lost.IsTransient)
            {
                await client.ConnectedAsync(cancellation).ConfigureAwait(false);
            }
        }
    }
}
