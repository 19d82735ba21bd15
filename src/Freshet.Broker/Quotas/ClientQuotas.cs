using System.Collections.Concurrent;
using Freshet.Broker.Connections;

namespace Freshet.Broker.Quotas;

/// <summary>Counts what clients use and says how long to hold them back. Costs nothing while no quota is set.</summary>
internal sealed class ClientQuotas(QuotaTable table, TimeProvider time)
{
    private const int MaxWindows = 10_000;
    private const long KeptSeconds = 3600;

    /// <summary>Longest that one request is held back for using threads: Kafka's, one sample.</summary>
    private static readonly TimeSpan MaxForThreads = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Key, string? User, string? ClientId), RateWindow> _windows = new();
    private readonly ConcurrentDictionary<(string? User, string? ClientId), TokenBucket> _buckets = new();

    /// <summary>Whether nothing is limited.</summary>
    public bool AreNone => table.IsEmpty;

    public TimeSpan OfProduced(Peer peer, string? clientId, long bytes) => Add(QuotaKey.ProducerBytes, peer, clientId, bytes);

    /// <summary>Most bytes of records that the client can be sent at once without being over its quota by them alone.</summary>
    public long MaxFetched(Peer peer, string? clientId) =>
        Find(QuotaKey.ConsumerBytes, peer, clientId) is { } quota ? (long)Math.Min(quota.Limit * RateWindow.Seconds, int.MaxValue) : long.MaxValue;

    /// <summary>Counts records that are about to be sent. When the client is over its quota they are not sent, and do not count.</summary>
    /// <param name="sends">Whether they are sent, in spite of the wait if the client was sent nothing before: one batch may be over the quota, and would never come.</param>
    public TimeSpan OfFetched(Peer peer, string? clientId, long bytes, out bool sends)
    {
        sends = true;
        if (Find(QuotaKey.ConsumerBytes, peer, clientId) is not { } quota)
        {
            return TimeSpan.Zero;
        }

        RateWindow window = WindowOf(QuotaKey.ConsumerBytes, quota);
        bool isFirst = window.IsEmpty;
        TimeSpan wait = window.Add(bytes, quota.Limit);
        sends = isFirst || wait == TimeSpan.Zero;
        if (!sends)
        {
            window.Add(-bytes, quota.Limit);
        }

        return wait;
    }

    public TimeSpan OfBusy(Peer peer, string? clientId, TimeSpan busy)
    {
        TimeSpan wait = Add(QuotaKey.RequestPercentage, peer, clientId, busy.TotalSeconds * 100);
        return wait < MaxForThreads ? wait : MaxForThreads;
    }

    /// <summary>How long until the client may change partitions again; zero when it may.</summary>
    public TimeSpan UntilMutation(Peer peer, string? clientId) =>
        Find(QuotaKey.ControllerMutations, peer, clientId) is { } quota ? BucketOf(quota).Wait(quota.Limit) : TimeSpan.Zero;

    public TimeSpan OfMutations(Peer peer, string? clientId, int partitions) =>
        Find(QuotaKey.ControllerMutations, peer, clientId) is { } quota ? BucketOf(quota).Take(partitions, quota.Limit) : TimeSpan.Zero;

    public TimeSpan OfConnection(string address) =>
        table.FindAddress(address) is { } quota ? WindowOf(QuotaKey.Connections, quota).Add(1, quota.Limit) : TimeSpan.Zero;

    private Quota? Find(string key, Peer peer, string? clientId) => table.IsEmpty ? null : table.Find(key, peer.Principal.Name, clientId ?? "");

    private TimeSpan Add(string key, Peer peer, string? clientId, double amount) =>
        Find(key, peer, clientId) is { } quota ? WindowOf(key, quota).Add(amount, quota.Limit) : TimeSpan.Zero;

    private RateWindow WindowOf(string key, Quota quota)
    {
        if (_windows.Count > MaxWindows)
        {
            long oldest = time.GetUtcNow().ToUnixTimeSeconds() - KeptSeconds;
            foreach (var window in _windows.Where(window => window.Value.LastUsed < oldest || _windows.Count > 2 * MaxWindows))
            {
                _windows.TryRemove(window.Key, out _);
            }
        }

        return _windows.GetOrAdd((key, quota.User, quota.ClientId), _ => new RateWindow(time));
    }

    private TokenBucket BucketOf(Quota quota)
    {
        if (_buckets.Count > MaxWindows)
        {
            _buckets.Clear();
        }

        return _buckets.GetOrAdd((quota.User, quota.ClientId), _ => new TokenBucket(time));
    }
}
