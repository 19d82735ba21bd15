namespace Freshet.Coordination.Sessions;

/// <summary>
/// When sessions expire. Deadlines are rounded up to the next tick, so that a session lives between its timeout and one
/// tick more, and hearing from a client within the same tick costs a comparison.
/// </summary>
/// <param name="tick">Length of a tick in milliseconds.</param>
internal sealed class SessionExpiry(long tick)
{
    public const long NoBucket = -1;
    private readonly SortedDictionary<long, HashSet<Session>> _buckets = [];

    /// <summary>The deadlines that are set, in milliseconds, and the sessions that expire then.</summary>
    public IEnumerable<(long Deadline, IReadOnlyCollection<Session> Sessions)> Buckets =>
        _buckets.Select(bucket => (bucket.Key * tick, (IReadOnlyCollection<Session>)bucket.Value));

    /// <summary>Starts the session's timeout anew.</summary>
    /// <param name="now">Milliseconds on a clock that never goes back.</param>
    public void Touch(Session session, long now)
    {
        long bucket = ((now + session.Timeout) / tick) + 1;
        if (bucket == session.Bucket)
        {
            return;
        }

        Remove(session);
        if (!_buckets.TryGetValue(bucket, out HashSet<Session>? members))
        {
            _buckets.Add(bucket, members = []);
        }

        members.Add(session);
        session.Bucket = bucket;
    }

    public void Remove(Session session)
    {
        if (_buckets.TryGetValue(session.Bucket, out HashSet<Session>? members) && members.Remove(session) && members.Count == 0)
        {
            _buckets.Remove(session.Bucket);
        }

        session.Bucket = NoBucket;
    }

    /// <summary>Takes out every session whose deadline has passed.</summary>
    public List<Session> TakeExpired(long now)
    {
        List<Session> expired = [];
        while (_buckets.Count > 0 && _buckets.First() is var (bucket, members) && bucket * tick <= now)
        {
            _buckets.Remove(bucket);
            expired.AddRange(members);
        }

        foreach (Session session in expired)
        {
            session.Bucket = NoBucket;
        }

        return expired;
    }
}
