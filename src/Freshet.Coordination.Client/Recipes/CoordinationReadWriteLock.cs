namespace Freshet.Coordination.Client.Recipes;

/// <summary>
/// A lock that either one writer or any number of readers hold, first come, first served: a reader that comes behind a waiting
/// writer waits too, so no writer starves. Not re-entrant, and a reader cannot become a writer: acquire anew. Thread-safe.
/// </summary>
/// <param name="client">The session that owns what it acquires; with it go all its locks.</param>
/// <param name="path">The lock's znode; created when missing and never deleted.</param>
public sealed class CoordinationReadWriteLock(CoordinationClient client, string path)
{
    /// <summary>Waits until no writer holds the lock or waited before. A cancelled wait leaves the queue.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async ValueTask<Ownership> AcquireReadAsync(CancellationToken cancellation = default) =>
        new(client, await QueuePlace.ReachFrontAsync(client, path, default, cancellation, shared: true).ConfigureAwait(false));

    /// <summary>Waits until nobody holds the lock or waited before. A cancelled wait leaves the queue.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async ValueTask<Ownership> AcquireWriteAsync(CancellationToken cancellation = default) =>
        new(client, await QueuePlace.ReachFrontAsync(client, path, default, cancellation).ConfigureAwait(false));

    /// <summary>Takes the lock for reading if no writer holds it or waits for it; null otherwise.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async ValueTask<Ownership?> TryAcquireReadAsync(CancellationToken cancellation = default) =>
        Ownership.Of(client, await QueuePlace.TryReachFrontAsync(client, path, cancellation, shared: true).ConfigureAwait(false));

    /// <summary>Takes the lock for writing if nobody holds it or waits for it; null otherwise.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async ValueTask<Ownership?> TryAcquireWriteAsync(CancellationToken cancellation = default) =>
        Ownership.Of(client, await QueuePlace.TryReachFrontAsync(client, path, cancellation).ConfigureAwait(false));
}
