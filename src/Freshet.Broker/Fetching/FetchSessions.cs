using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Fetching;

/// <summary>
/// The fetch sessions of all clients (KIP-227), bounded in number and in partitions. A client that gets none lists its partitions
/// with every request, which always works. Safe for use from many connections at once.
/// </summary>
internal sealed class FetchSessions(BrokerOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, FetchSession> _sessions = [];
    private int _partitions;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _sessions.Count;
            }
        }
    }

    /// <summary>Finds or begins the request's session, and says what to read.</summary>
    public (FetchPlan Plan, ErrorCode Error) Plan(FetchRequest request, bool namesTopicsById)
    {
        lock (_lock)
        {
            return request.SessionEpoch > 0 ? GoOn(request, namesTopicsById) : (Begin(request, namesTopicsById), ErrorCode.None);
        }
    }

    private (FetchPlan Plan, ErrorCode Error) GoOn(FetchRequest request, bool namesTopicsById)
    {
        if (!_sessions.TryGetValue(request.SessionId, out FetchSession? session))
        {
            return (default, ErrorCode.FetchSessionIdNotFound);
        }

        lock (session)
        {
            if (session.Epoch != request.SessionEpoch)
            {
                return (default, ErrorCode.InvalidFetchSessionEpoch);
            }

            if (session.NamesTopicsById != namesTopicsById)
            {
                return (default, ErrorCode.FetchSessionTopicIdError);
            }

            session.Epoch = session.Epoch == int.MaxValue ? 1 : session.Epoch + 1;
            session.LastUsed = time.GetUtcNow();
            FetchPlan plan = Update(session, request, onlyChanges: true);
            if (session.Count > 0 && _partitions <= options.MaxFetchSessionPartitions)
            {
                return (plan, ErrorCode.None);
            }
        }

        // A session without partitions is over; one that grew too large has to begin anew, and then finds no room.
        Remove(session);
        return session.Count == 0 ? (FetchPlan.Sessionless(request), ErrorCode.None) : (default, ErrorCode.FetchSessionIdNotFound);
    }

    private FetchPlan Begin(FetchRequest request, bool namesTopicsById)
    {
        if (_sessions.TryGetValue(request.SessionId, out FetchSession? old))
        {
            Remove(old);
        }

        FetchPlan sessionless = FetchPlan.Sessionless(request);
        if (request.SessionEpoch == FetchRequest.NoSession || sessionless.Targets.Length == 0 || !MakeRoom(sessionless.Targets.Length))
        {
            return sessionless;
        }

        var session = new FetchSession(FreeId(), namesTopicsById, time.GetUtcNow());
        _sessions.Add(session.Id, session);
        lock (session)
        {
            return Update(session, request, onlyChanges: false);
        }
    }

    private FetchPlan Update(FetchSession session, FetchRequest request, bool onlyChanges)
    {
        int before = session.Count;
        FetchPlan plan = session.Update(request, onlyChanges);
        _partitions += session.Count - before;
        return plan;
    }

    /// <summary>Whether a new session may begin. One that is idle makes way for it, or an old one that spares its client less.</summary>
    private bool MakeRoom(int partitions)
    {
        if (partitions > options.MaxFetchSessionPartitions)
        {
            return false;
        }

        while (_sessions.Count >= options.MaxFetchSessions || _partitions + partitions > options.MaxFetchSessionPartitions)
        {
            if (_sessions.Count == 0 || LeastUseful(partitions) is not { } session)
            {
                return false;
            }

            Remove(session);
        }

        return true;
    }

    private FetchSession? LeastUseful(int partitions)
    {
        DateTimeOffset lately = time.GetUtcNow() - options.FetchSessionIdle;
        FetchSession longestUnused = _sessions.Values.MinBy(session => session.LastUsed)!;
        return longestUnused.LastUsed < lately
            ? longestUnused
            : _sessions.Values.Where(session => session.Created < lately && session.Count < partitions).MinBy(session => session.Count);
    }

    private void Remove(FetchSession session)
    {
        if (_sessions.Remove(session.Id))
        {
            _partitions -= session.Count;
        }
    }

    private int FreeId()
    {
        int id;
        do
        {
            id = Random.Shared.Next(1, int.MaxValue);
        }
        while (_sessions.ContainsKey(id));
        return id;
    }
}
