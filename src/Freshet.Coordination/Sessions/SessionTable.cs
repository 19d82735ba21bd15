namespace Freshet.Coordination.Sessions;

/// <summary>The open sessions by id.</summary>
internal sealed class SessionTable
{
    private readonly Dictionary<long, Session> _sessions = [];

    public int Count => _sessions.Count;

    public IReadOnlyCollection<Session> All => _sessions.Values;

    public Session? Find(long id) => _sessions.GetValueOrDefault(id);

    public Session Open(long id, int timeout)
    {
        if (!_sessions.TryGetValue(id, out Session? session))
        {
            _sessions.Add(id, session = new Session(id, timeout));
        }

        return session;
    }

    public Session? Close(long id) => _sessions.Remove(id, out Session? closed) ? closed : null;
}
