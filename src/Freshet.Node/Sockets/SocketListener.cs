using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Freshet.Node.Sockets;

/// <summary>A port that accepts TCP connections.</summary>
internal sealed class SocketListener(Socket socket) : IConnectionListener
{
    /// <summary>How long to wait when the process can open no more files, before a connection may be accepted again.</summary>
    private static readonly TimeSpan UntilFilesAreFree = TimeSpan.FromMilliseconds(100);

    public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

    /// <summary>The next connection, or null when the port is closed.</summary>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                return Open(await socket.AcceptAsync(cancellationToken).ConfigureAwait(false));
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException closed) when (closed.SocketErrorCode == SocketError.OperationAborted)
            {
                return null;
            }
            catch (SocketException none) when (none.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
            {
                await Task.Delay(UntilFilesAreFree, cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                // The client left while it waited to be accepted.
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => DisposeAsync();

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static SocketConnection Open(Socket client)
    {
        try
        {
            client.NoDelay = true;
            var connection = new SocketConnection(client);
            connection.Start();
            return connection;
        }
        catch (SocketException)
        {
            client.Dispose();
            throw;
        }
    }
}
