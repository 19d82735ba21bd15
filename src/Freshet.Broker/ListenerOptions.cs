namespace Freshet.Broker;

/// <summary>What holds for the connections of one listener only. What is null is as for the whole broker.</summary>
public sealed class ListenerOptions
{
    /// <summary>Mechanisms, users and limits of its SASL, in place of <see cref="BrokerOptions.Sasl"/>. Users of SCRAM are the same on all.</summary>
    public SaslOptions? Sasl { get; set; }

    /// <summary>How it names clients by their certificates, in place of <see cref="BrokerOptions.CertificatePrincipalRules"/>.</summary>
    public string? CertificatePrincipalRules { get; set; }

    /// <summary>Most connections at one time on this listener, within <see cref="BrokerOptions.MaxConnections"/>; those beyond are closed.</summary>
    public int? MaxConnections { get; set; }

    /// <summary>Most new connections per second on this listener, within <see cref="BrokerOptions.MaxConnectionCreationRate"/>; those beyond wait.</summary>
    public int? MaxConnectionCreationRate { get; set; }
}
