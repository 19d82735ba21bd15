using System.Net;
using Freshet.Broker.Access;

namespace Freshet.Broker.Connections;

/// <summary>The client at the other end of a connection, as far as the broker knows it by now.</summary>
/// <param name="listener">Where it came in.</param>
/// <param name="address">Where it came from; null when it is in the same process.</param>
internal sealed class Peer(BrokerListener listener, IPAddress? address)
{
    public BrokerListener Listener { get; } = listener;

    public IPAddress Address { get; } = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address ?? IPAddress.Loopback;

    /// <summary>Its address as access rules name it.</summary>
    public string Host => field ??= Address.ToString();

    /// <summary>Who it is: nobody known until it has said so.</summary>
    public Principal Principal { get; set; } = Principal.Anonymous;
}
