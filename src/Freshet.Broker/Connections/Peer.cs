using System.Net;
using Freshet.Broker.Access;
using Freshet.Broker.Authentication;

namespace Freshet.Broker.Connections;

/// <summary>The client at the other end of a connection, as far as the broker knows it by now.</summary>
internal sealed class Peer
{
    /// <param name="listener">Where it came in.</param>
    /// <param name="address">Where it came from; null when it is in the same process.</param>
    /// <param name="authenticate">Begins its authentication; gives null where nobody is asked who they are.</param>
    public Peer(BrokerListener listener, IPAddress? address, Func<Peer, SaslSession?> authenticate)
    {
        Listener = listener;
        Address = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address ?? IPAddress.Loopback;
        Sasl = authenticate(this);
    }

    public BrokerListener Listener { get; }

    public IPAddress Address { get; }

    /// <summary>The port it came from; 0 when it is in the same process.</summary>
    public int Port { get; init; }

    /// <summary>Name of its library, as far as it has told it; Kafka's word for one that has not.</summary>
    public string SoftwareName { get; set; } = "unknown";

    /// <summary>Version of its library, likewise.</summary>
    public string SoftwareVersion { get; set; } = "unknown";

    /// <summary>Its address as access rules name it.</summary>
    public string Host => field ??= Address.ToString();

    /// <summary>Its authentication; null where nobody is asked who they are.</summary>
    public SaslSession? Sasl { get; }

    /// <summary>Whether it has said who it is as far as it must.</summary>
    public bool IsKnown => Sasl is null or { IsAuthenticated: true };

    /// <summary>Who it is: nobody known until it has said so.</summary>
    public Principal Principal { get; set; } = Principal.Anonymous;
}
