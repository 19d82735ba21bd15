using System.Net;
using Freshet.Node.Sockets;
using Freshet.Node.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Freshet.Node;

/// <summary>
/// One TCP listener of a service, on connections of Kestrel. It is bound before its service is ready, because the service
/// must know its port; connections that come early wait until <see cref="Serve"/> is called.
/// </summary>
internal sealed class NodeListener : IAsyncDisposable
{
    private readonly TaskCompletionSource<ConnectionDelegate> _service = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly KestrelServer _server;

    private NodeListener(KestrelServer server) => _server = server;

    /// <summary>Answers what can be answered before the service is ready; true when that was all. By default connections wait.</summary>
    public Func<ConnectionContext, Task<bool>>? WhileStarting { get; set; }

    /// <summary>The port listened on.</summary>
    public int Port { get; private set; }

    /// <summary>Binds; port 0 takes a free one.</summary>
    /// <param name="tls">The handshake in front of the service; null for none.</param>
    /// <param name="alsoPlain">Whether clients may do without the handshake.</param>
    public static async ValueTask<NodeListener> BindAsync(
        IPAddress address, int port, TlsHandshake? tls, ILoggerFactory loggers, CancellationToken cancellation, bool alsoPlain = false)
    {
        var options = new KestrelServerOptions
        {
            ApplicationServices = tls is null ? new OnlyLoggers(loggers) : TlsHandshake.Services(loggers),
        };
        ListenOptions? endpoint = null;
        NodeListener? listener = null;
        options.Listen(address, port, listen =>
        {
            endpoint = listen;
            if (tls is not null && alsoPlain)
            {
                ((IConnectionBuilder)listen).Use(secure => new PlainOrTls(secure, connection => listener!.ServeWhenReadyAsync(connection), tls.Patience).ServeAsync);
            }

            tls?.Use(listen);
            listen.Run(connection => listener!.ServeWhenReadyAsync(connection));
        });
        listener = new NodeListener(new KestrelServer(Options.Create(options), new SocketListenerFactory(), loggers));
        try
        {
            await listener._server.StartAsync(new NoHttp(), cancellation).ConfigureAwait(false);
        }
        catch
        {
            await listener.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        listener.Port = endpoint!.IPEndPoint!.Port;
        return listener;
    }

    /// <summary>Hands this and every later connection to the service.</summary>
    public void Serve(ConnectionDelegate service) => _service.SetResult(service);

    /// <summary>Stops accepting, closes what is open and waits for its handlers.</summary>
    public async ValueTask DisposeAsync()
    {
        _service.TrySetCanceled();
        // Kestrel would otherwise wait for clients to leave; theirs are long-lived, so they are told at once.
        await _server.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _server.Dispose();
    }

    private async Task ServeWhenReadyAsync(ConnectionContext connection)
    {
        try
        {
            if (!_service.Task.IsCompleted && WhileStarting is not null && await WhileStarting(connection).ConfigureAwait(false))
            {
                return;
            }

            await _service.Task.WaitAsync(connection.ConnectionClosed).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return; // the client has gone, or the service did not start
        }

        await (await _service.Task.ConfigureAwait(false))(connection).ConfigureAwait(false);
    }

    /// <summary>All that Kestrel asks of a container for a bare connection; a real one takes milliseconds to build.</summary>
    private sealed class OnlyLoggers(ILoggerFactory loggers) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(ILoggerFactory) ? loggers : null;
    }

    /// <summary>Kestrel asks for an HTTP application; these connections never reach it.</summary>
    private sealed class NoHttp : IHttpApplication<object>
    {
        public object CreateContext(IFeatureCollection contextFeatures) => throw new NotSupportedException("This port does not serve HTTP.");

        public void DisposeContext(object context, Exception? exception)
        {
        }

        public Task ProcessRequestAsync(object context) => Task.CompletedTask;
    }
}
