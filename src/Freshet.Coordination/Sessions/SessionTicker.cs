using Freshet.Coordination.Connections;

namespace Freshet.Coordination.Sessions;

/// <summary>Once a tick: ends the sessions whose clients have been silent too long, and connections that never became sessions.</summary>
internal sealed class SessionTicker : ISequenced, IAsyncDisposable
{
    /// <summary>A tick this many ticks late means that the server itself was paused, so that it could not hear its clients.</summary>
    private const int LateTicks = 2;

    private readonly CoordinationServer _server;
    private readonly ITimer _timer;
    private long _lastTick;

    public SessionTicker(CoordinationServer server, TimeProvider time)
    {
        _server = server;
        _lastTick = server.Clock.Now;
        TimeSpan tick = server.Options.TickTime;
        _timer = time.CreateTimer(_ => server.Sequencer.PostAside(this), null, tick, tick);
    }

    public void Run()
    {
        if (!_server.IsServing)
        {
            return;
        }

        long now = _server.Clock.Now;
        long late = now - _lastTick - _server.TickMs;
        _lastTick = now;
        if (late > LateTicks * _server.TickMs)
        {
            _server.Log.WasPaused(late);
            _server.RestartTimeouts();
        }

        _server.Writes.TryAgain();
        foreach (Session session in _server.Expiry.TakeExpired(now))
        {
            _server.Log.SessionExpired(session.Id, session.Timeout);
            _server.Statistics.SessionsExpired++;
            _server.Requests.Writes.CloseSession(session);
        }

        foreach (ClientConnection connection in _server.Connections)
        {
            if (connection is { Session: null, IsHandshaking: false } && now - connection.OpenedAt > _server.Options.HandshakeTimeout.TotalMilliseconds)
            {
                _server.Statistics.SessionlessExpired++;
                connection.Close();
            }
        }
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}
