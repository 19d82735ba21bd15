namespace Freshet.Coordination.Client.Recipes;

/// <summary>Repeats what may safely happen twice, such as a read, until it has an answer.</summary>
internal static class UntilAnswered
{
    /// <exception cref="CoordinationException">The service refused the operation, or the session is over.</exception>
    public static async ValueTask<T> RepeatAsync<T>(CoordinationClient client, Func<ValueTask<T>> operation, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await operation().ConfigureAwait(false);
            }
            catch (CoordinationException lost) when (lost.IsTransient)
            {
                await client.ConnectedAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <exception cref="CoordinationException">The service refused the operation, or the session is over.</exception>
    public static async ValueTask RepeatAsync(CoordinationClient client, Func<ValueTask> operation, CancellationToken cancellation) =>
        await RepeatAsync(
            client,
            async () =>
            {
                await operation().ConfigureAwait(false);
                return true;
            },
            cancellation).ConfigureAwait(false);
}
