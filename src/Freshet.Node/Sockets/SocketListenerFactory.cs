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

    /// <exception cref="AddressInUseException">Another process listens there.</exception>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            Socket socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            socket.Listen(Backlog);
            return ValueTask.FromResult<IConnectionListener>(new SocketListener(socket));
        }
        catch (SocketException inUse) when (inUse.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(inUse.Message, inUse);
        }
    }
}
