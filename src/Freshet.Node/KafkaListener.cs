using System.Net;
using Freshet.Broker;
using Freshet.Node.Tls;

namespace Freshet.Node;

/// <summary>A port that the broker listens on, and what it tells clients about it.</summary>
public sealed class KafkaListener
{
    /// <summary>Name of the listener, unique in the node and the same on every broker of a cluster.</summary>
    public string Name { get; set; } = BrokerListener.DefaultName;

    /// <summary>How it protects its connections.</summary>
    public SecurityProtocol Protocol { get; set; }

    /// <summary>Address to listen on; null is the node's.</summary>
    public IPAddress? Address { get; set; }

    /// <summary>Port to listen on; 0 takes a free one.</summary>
    public int Port { get; set; }

    /// <summary>Host told to clients; null is the address listened on, or the machine's name when that is every address.</summary>
    public string? AdvertisedHost { get; set; }

    /// <summary>Port told to clients; null is the port listened on.</summary>
    public int? AdvertisedPort { get; set; }

    /// <summary>Certificates of a listener with TLS. Port and address in it are not looked at: the listener's own hold.</summary>
    public TlsOptions? Tls { get; set; }

    /// <summary>The certificates when the protocol needs them.</summary>
    /// <exception cref="ArgumentException">It needs them and there are none.</exception>
    internal TlsOptions? RequiredTls => Protocol is not (SecurityProtocol.Ssl or SecurityProtocol.SaslSsl) ? null
        : Tls ?? throw new ArgumentException($"The listener {Name} uses TLS and needs a certificate: set {nameof(Tls)}.");

    /// <summary>What clients can connect to for an address that is listened on.</summary>
    internal static string Reachable(IPAddress address) =>
        address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? Dns.GetHostName() : address.ToString();
}
