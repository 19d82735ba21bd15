using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Freshet.Node.Sockets;

/// <summary>Opens ports for Kestrel.</summary>
internal sealed class SocketListenerFactory : IConnectionListenerFactory
{
    // As many as Kestrel's own keeps waiting to be accepted.
    private const int Backlog = 512;

    /// <exception cref="IOException">It cannot be listened there; the message says why and what to do.</exception>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            Socket socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            socket.Listen(Backlog);
            return ValueTask.FromResult<IConnectionListener>(new SocketListener(socket));
        }
        catch (SocketException refused)
        {
            throw new IOException($"Cannot listen on {endpoint}: {Reason(refused)}", refused);
        }
    }

    private static string Reason(SocketException refused) => refused.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "another program does. Stop it or choose another port.",
        SocketError.AddressNotAvailable => "this machine does not have that address.",
        SocketError.AccessDenied => "this process may not. Ports below 1024 often need more rights.",
        _ => refused.Message,
    };
}
