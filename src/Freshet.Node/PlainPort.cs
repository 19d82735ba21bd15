using System.Collections.Concurrent;
using System.Net;
using Freshet.Node.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Freshet.Node;

/// <summary>A port without Kestrel's server, which is for HTTP and takes longer to start than a whole node may.</summary>
internal sealed class PlainPort : IPort
{
    // What Kestrel gives a handler that does not notice that its connection is gone.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly IConnectionListener _listener;
    private readonly ConnectionDelegate _serve;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<ConnectionContext, Task> _open = new();
    private readonly Task _accepting;

    private PlainPort(IConnectionListener listener, ConnectionDelegate serve, ILogger logger)
    {
        (_listener, _serve, _logger) = (listener, serve, logger);
        _accepting = AcceptAsync();
    }

    public int Number => ((IPEndPoint)_listener.EndPoint).Port;

    /// <exception cref="IOException">It cannot be listened there.</exception>
    public static async ValueTask<IPort> BindAsync(IPEndPoint endpoint, ConnectionDelegate serve, ILoggerFactory loggers, CancellationToken cancellation)
    {
        IConnectionListener listener = await new SocketListenerFactory().BindAsync(endpoint, cancellation).ConfigureAwait(false);
        return new PlainPort(listener, serve, loggers.CreateLogger<PlainPort>());
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.UnbindAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        foreach (ConnectionContext connection in _open.Keys)
        {
            connection.Abort();
        }

        await Task.WhenAny(Task.WhenAll(_open.Values), Task.Delay(Patience)).ConfigureAwait(false);
        await _listener.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AcceptAsync()
    {
        while (await _listener.AcceptAsync().ConfigureAwait(false) is { } connection)
        {
            // Entered before it starts, so that it is there to be removed when it ends.
            var handler = new Task<Task>(() => ServeAsync(connection));
            _open[connection] = handler.Unwrap();
            handler.Start(TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(ConnectionContext connection)
    {
        try
        {
            await _serve(connection).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            PortLog.HandlerFailed(_logger, connection.ConnectionId, failure);
        }

        await connection.DisposeAsync().ConfigureAwait(false);
        _open.TryRemove(connection, out _);
    }
}
