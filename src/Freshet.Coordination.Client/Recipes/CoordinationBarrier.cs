using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Recipes;

/// <summary>
/// Holds back everyone who comes to it while it is closed. It stays closed, also when the session that closed it ends, until
/// somebody opens it. Thread-safe.
/// </summary>
/// <param name="client">The session to read and write with.</param>
/// <param name="path">The barrier's znode: there while it is closed. Its parents are created when missing.</param>
public sealed class CoordinationBarrier(CoordinationClient client, string path)
{
    /// <summary>Closes the barrier; nothing happens when it is closed already.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public ValueTask CloseAsync(CancellationToken cancellation = default) =>
        UntilAnswered.RepeatAsync(client, () => client.CreatePathAsync(path, cancellation), cancellation);

    /// <summary>Opens the barrier and lets everyone pass; nothing happens when it is open already.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async ValueTask OpenAsync(CancellationToken cancellation = default)
    {
        try
        {
            await UntilAnswered.RepeatAsync(client, () => client.DeleteAsync(path, cancellation: cancellation), cancellation).ConfigureAwait(false);
        }
        catch (CoordinationException open) when (open.Error == ErrorCode.NoNode)
        {
        }
    }

    /// <summary>Returns when the barrier is open. One that is opened and closed again at once may hold back who waited before.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async ValueTask WaitAsync(CancellationToken cancellation = default)
    {
        await foreach (ZnodeData? closed in client.WatchDataAsync(path, cancellation).ConfigureAwait(false))
        {
            if (closed is null)
            {
                return;
            }
        }
    }
}
