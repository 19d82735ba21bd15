namespace Freshet.Coordination.Client.Recipes;

/// <summary>
/// Grants at most so many leases at a time, first come, first served. Everyone must use the same number of leases. Thread-safe.
/// </summary>
/// <param name="client">The session that owns what it acquires; with it go all its leases.</param>
/// <param name="path">The semaphore's znode; created when missing and never deleted.</param>
/// <param name="leases">Most leases at a time; at least 1.</param>
public sealed class CoordinationSemaphore(CoordinationClient client, string path, int leases)
{
    private readonly int _leases = leases >= 1 ? leases : throw new ArgumentOutOfRangeException(nameof(leases), leases, "A semaphore grants at least one lease.");
    private readonly string _turns = $"{path}/turns";
    private readonly string _granted = $"{path}/leases";

    /// <summary>Waits for a lease. Lost connections are survived; a cancelled wait leaves the queue.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async ValueTask<Ownership> AcquireAsync(CancellationToken cancellation = default)
    {
        // Any lease may be the next to end, so whoever waits watches all of them. With turns that is one session, not every one.
        QueuePlace turn = await QueuePlace.ReachFrontAsync(client, _turns, default, cancellation).ConfigureAwait(false);
        try
        {
            QueuePlace lease = await QueuePlace.JoinAsync(client, _granted, default, cancellation).ConfigureAwait(false);
            await lease.LeaveUnlessAsync(() => WaitAsync(lease, cancellation)).ConfigureAwait(false);
            return new Ownership(client, lease);
        }
        finally
        {
            await turn.LeaveAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Takes a lease if one is free and nobody waits for it; null otherwise.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async ValueTask<Ownership?> TryAcquireAsync(CancellationToken cancellation = default)
    {
        QueuePlace lease = await QueuePlace.JoinAsync(client, _granted, default, cancellation).ConfigureAwait(false);
        bool free = await lease.LeaveUnlessAsync(
            async () => (await lease.BeforeAsync(null, cancellation).ConfigureAwait(false)).Count < _leases).ConfigureAwait(false);
        return free ? new Ownership(client, lease) : null;
    }

    /// <returns>True, once the lease is one of the first.</returns>
    private async ValueTask<bool> WaitAsync(QueuePlace lease, CancellationToken cancellation)
    {
        while (true)
        {
            using var change = new ZnodeWatch();
            if ((await lease.BeforeAsync(change, cancellation).ConfigureAwait(false)).Count < _leases)
            {
                return true;
            }

            await change.Fired.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }
}
