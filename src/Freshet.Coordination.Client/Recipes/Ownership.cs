namespace Freshet.Coordination.Client.Recipes;

/// <summary>
/// What a recipe granted: a lock, leadership or a lease. Dispose it to give it up.
/// </summary>
/// <remarks>
/// No lock service can stop a program that was paused past its session timeout from going on as if it still owned the lock. Pass
/// <see cref="FencingToken"/> with every write to what the lock protects, and refuse there a token smaller than one seen before.
/// </remarks>
public sealed class Ownership : IAsyncDisposable
{
    private readonly OwnZnode _znode;
    private readonly SessionLease _lease;

    internal Ownership(CoordinationClient client, QueuePlace place)
    {
        _znode = place.Znode;
        _lease = new SessionLease(client);
    }

    /// <summary>
    /// Grows with every owner: the zxid at which it took its place. Owners that share, as readers and leases do, have different ones.
    /// </summary>
    public long FencingToken => _znode.Czxid;

    /// <summary>The znode that stands for the ownership.</summary>
    public string Path => _znode.Path;

    /// <summary>
    /// Cancelled when the session is over, or when the connection was gone so long that it may be: a third of the session timeout
    /// after the loss was noticed. Stop then.
    /// </summary>
    public CancellationToken Lost => _lease.Lost;

    /// <summary>The ownership that a place stands for; null for none.</summary>
    internal static Ownership? Of(CoordinationClient client, QueuePlace? place) => place is null ? null : new Ownership(client, place);

    /// <summary>Gives the ownership up. The next in the queue gets it at once, or when the session ends if the service cannot be reached.</summary>
    public async ValueTask DisposeAsync()
    {
        await _lease.DisposeAsync().ConfigureAwait(false);
        await _znode.DeleteAsync().ConfigureAwait(false);
    }
}
