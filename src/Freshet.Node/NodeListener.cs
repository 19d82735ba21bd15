using System.Net;
using Freshet.Node.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Freshet.Node;

/// <summary>
/// One TCP listener of a service. It is bound before its service is ready, because the service must know its port; connections that
/// come early wait until <see cref="Serve"/> is called.
/// </summary>
internal sealed class NodeListener : IAsyncDisposable
{
    private readonly TaskCompletionSource<ConnectionDelegate> _service = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IPort _port = null!;

    private NodeListener()
    {
    }

    /// <summary>Answers what can be answered before the service is ready; true when that was all. By default connections wait.</summary>
    public Func<ConnectionContext, Task<bool>>? WhileStarting { get; set; }

    /// <summary>The port listened on.</summary>
    public int Port => _port.Number;

    /// <summary>Binds; port 0 takes a free one.</summary>
    /// <param name="tls">The handshake in front of the service; null for none.</param>
    /// <param name="alsoPlain">Whether clients may do without the handshake.</param>
    /// <exception cref="IOException">Somebody else has the port.</exception>
    public static async ValueTask<NodeListener> BindAsync(
        IPAddress address, int port, TlsHandshake? tls, ILoggerFactory loggers, CancellationToken cancellation, bool alsoPlain = false)
    {
        var listener = new NodeListener();
        var endpoint = new IPEndPoint(address, port);
        listener._port = tls is null
            ? await PlainPort.BindAsync(endpoint, listener.ServeWhenReadyAsync, loggers, cancellation).ConfigureAwait(false)
            : await TlsPort.BindAsync(endpoint, tls, alsoPlain, listener.ServeWhenReadyAsync, loggers, cancellation).ConfigureAwait(false);
        return listener;
    }

    /// <summary>Hands this and every later connection to the service.</summary>
    public void Serve(ConnectionDelegate service) => _service.SetResult(service);

    /// <summary>Stops accepting, closes what is open and waits for its handlers.</summary>
    public ValueTask DisposeAsync()
    {
        _service.TrySetCanceled();
        return _port.DisposeAsync();
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
}
