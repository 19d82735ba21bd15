using System.Net;
using Freshet.Node.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Freshet.Node.Tls;

/// <summary>A port with TLS, on Kestrel's server: its handshake works nowhere else.</summary>
internal sealed class TlsPort : IPort
{
    private readonly KestrelServer _server;

    private TlsPort(KestrelServer server) => _server = server;

    public int Number { get; private set; }

    /// <param name="alsoPlain">Whether clients may do without the handshake.</param>
    /// <exception cref="IOException">Somebody else has the port.</exception>
    public static async ValueTask<IPort> BindAsync(
        IPEndPoint endpoint, TlsHandshake handshake, bool alsoPlain, ConnectionDelegate serve, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var options = new KestrelServerOptions { ApplicationServices = TlsHandshake.Services(loggers) };
        ListenOptions? bound = null;
        options.Listen(endpoint, listen =>
        {
            bound = listen;
            if (alsoPlain)
            {
                ((IConnectionBuilder)listen).Use(secure => new PlainOrTls(secure, serve, handshake.Patience).ServeAsync);
            }

            handshake.Use(listen);
            listen.Run(serve.Invoke);
        });
        var port = new TlsPort(new KestrelServer(Options.Create(options), new SocketListenerFactory(), loggers));
        try
        {
            await port._server.StartAsync(new NoHttp(), cancellation).ConfigureAwait(false);
        }
        catch
        {
            await port.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        port.Number = bound!.IPEndPoint!.Port;
        return port;
    }

    public async ValueTask DisposeAsync()
    {
        // Kestrel would otherwise wait for clients to leave; theirs are long-lived, so they are told at once.
        await _server.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _server.Dispose();
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
