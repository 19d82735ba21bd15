namespace Freshet.Coordination.Client.Recipes;

/// <summary>
/// A lock that at most one session holds at a time, first come, first served. Not re-entrant: each acquisition queues, also
/// within one session. Thread-safe.
/// </summary>
/// <param name="client">The session that owns what it acquires; with it go all its locks.</param>
/// <param name="path">The lock's znode; created when missing and never deleted.</param>
public sealed class CoordinationLock(CoordinationClient client, string path)
{
    /// <summary>Waits for the lock. Lost connections are survived; a cancelled wait leaves the queue.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async ValueTask<Ownership> AcquireAsync(CancellationToken cancellation = default) =>
        new(client, await QueuePlace.ReachFrontAsync(client, path, default, cancellation).ConfigureAwait(false));

    /// <summary>Takes the lock if nobody holds it or waits for it; null otherwise.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async ValueTask<Ownership?> TryAcquireAsync(CancellationToken cancellation = default) =>
        Ownership.Of(client, await QueuePlace.TryReachFrontAsync(client, path, cancellation).ConfigureAwait(false));
}
