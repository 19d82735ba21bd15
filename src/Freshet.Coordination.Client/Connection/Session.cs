using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Freshet.Coordination.Client.Watches;
using Freshet.Protocol.Jute;
using Microsoft.Extensions.Logging;

namespace Freshet.Coordination.Client.Connection;

/// <summary>
/// A session over all its connections. One loop looks for a server, serves the session there until the connection is lost,
/// and looks again; it ends when a server says that the session is over, or when the client is closed.
/// </summary>
internal sealed class Session : IAsyncDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(1);

    private readonly CoordinationClientOptions _options;
    private readonly ConnectString _connect;
    private readonly DnsEndPoint[] _servers;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _over = new();
    private readonly StateSignal _state = new();
    private Task _loop = Task.CompletedTask;
    private SessionIdentity _identity;
    private long _lastZxid;

    public Session(CoordinationClientOptions options, ConnectString connect, ILogger logger, TimeProvider time)
    {
        (_options, _connect, _logger, _time) = (options, connect, logger, time);
        _identity = SessionIdentity.None(options.SessionTimeout);
        // In an order of each client's own, so that they spread over the servers.
        _servers = [.. connect.Servers];
        Random.Shared.Shuffle(_servers);
        Requests = new RequestQueue(options.MaxPendingRequests);
    }

    public RequestQueue Requests { get; }

    public WatchRegistry Watches { get; } = new();

    public Credentials Credentials { get; } = new();

    public SessionIdentity Identity => Volatile.Read(ref _identity);

    public StateSignal State => _state;

    /// <summary>Why the last attempt to connect failed.</summary>
    public Exception? LastFailure { get; private set; }

    /// <summary>Cancelled when the session is over.</summary>
    public CancellationToken Over => _over.Token;

    public void Start() => _loop = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
        {
            return;
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        TimeSpan retry = FirstRetry;
        long lostAt = _time.GetTimestamp();
        int next = 0;
        while (!_closing.IsCancellationRequested)
        {
            bool served = await TryServeAsync(next++).ConfigureAwait(false);
            Requests.FailSent(ErrorCode.ConnectionLoss);
            if (_over.IsCancellationRequested)
            {
                return;
            }

            (retry, lostAt) = served ? (FirstRetry, _time.GetTimestamp()) : (retry, lostAt);
            _state.Set(ConnectionState.Connecting);
            if (_time.GetElapsedTime(lostAt) > Identity.Timeout)
            {
                Requests.FailUnsent(ErrorCode.ConnectionLoss);
                Credentials.FailWaiting(ErrorCode.ConnectionLoss);
            }

            await PauseAsync(retry).ConfigureAwait(false);
            retry = retry * 2 > LastRetry ? LastRetry : retry * 2;
        }

        End(ConnectionState.Closed, ErrorCode.SessionExpired);
    }

    /// <summary>Connects to one server and serves the session there.</summary>
    /// <returns>Whether the session was served for a while.</returns>
    private async ValueTask<bool> TryServeAsync(int attempt)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
            // Each server gets its share of the session timeout to connect and to answer, so that all are tried before the session is over.
            limit.CancelAfter(Identity.Timeout / _servers.Length);
            IDuplexPipe pipe = await OpenAsync(attempt, limit.Token).ConfigureAwait(false);
            await using var connection = new ServerConnection(pipe, this, _connect, _options, _logger, _time);
            SessionIdentity? attached = await connection.HandshakeAsync(Identity, _lastZxid, limit.Token).ConfigureAwait(false);
            if (attached is null)
            {
                return false;
            }

            if (attached.Id == 0)
            {
                End(ConnectionState.Expired, ErrorCode.SessionExpired);
                return false;
            }

            Volatile.Write(ref _identity, attached);
            if (!await connection.LoginAsync(limit.Token).ConfigureAwait(false))
            {
                EndIfUnwelcome(connection);
                return false;
            }

            _state.Set(ConnectionState.Connected);
            ClientLog.Connected(_logger, attached.Id, attached.Timeout);
            string reason = await connection.RunAsync(attached.Timeout, _closing.Token).ConfigureAwait(false);
            _lastZxid = connection.LastZxid;
            EndIfUnwelcome(connection);
            if (!_over.IsCancellationRequested && !_closing.IsCancellationRequested)
            {
                ClientLog.ConnectionLost(_logger, attached.Id, reason);
            }

            return true;
        }
        catch (Exception failure) when (failure is SocketException or IOException or JuteException or OperationCanceledException or InvalidOperationException or AuthenticationException)
        {
            LastFailure = failure;
            ClientLog.ConnectionFailed(_logger, failure.Message);
            return false;
        }
    }

    private void EndIfUnwelcome(ServerConnection connection)
    {
        if (connection.IsUnwelcome)
        {
            End(ConnectionState.AuthFailed, ErrorCode.SessionClosedRequireSaslAuth);
        }
    }

    private async ValueTask<IDuplexPipe> OpenAsync(int attempt, CancellationToken limit) => _options.Transport is { } transport
        ? await transport(limit).ConfigureAwait(false)
        : await SocketTransport.ConnectAsync(_servers[attempt % _servers.Length], _options.Tls, limit).ConfigureAwait(false);

    /// <summary>Waits before the next attempt, a little differently in each client, so that they do not come back all at once.</summary>
    private Task PauseAsync(TimeSpan retry) =>
        Task.Delay(retry * (0.5 + Random.Shared.NextDouble()), _time, _closing.Token).ContinueWith(
            _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private void End(ConnectionState state, ErrorCode reason)
    {
        // First, so that whoever sees the final state finds the token cancelled. Not Cancel(): callbacks are user code and must not run on this loop.
        _ = _over.CancelAsync();
        _state.Set(state);
        ClientLog.SessionOver(_logger, Identity.Id, state);
        Requests.Close(reason);
        Credentials.Close(reason);
        Watches.Close(reason);
    }
}
