namespace Freshet.Broker;

/// <summary>An address that clients reach the broker at. What a client asks on it is answered with addresses of the same name.</summary>
/// <param name="Name">Its name, in capitals by custom; unique in the broker and the same on every broker of the cluster.</param>
/// <param name="Protocol">How it protects its connections.</param>
/// <param name="Host">Host name told to clients in metadata.</param>
/// <param name="Port">Port told to clients in metadata.</param>
public sealed record BrokerListener(string Name, SecurityProtocol Protocol, string Host, int Port)
{
    /// <summary>Name of the one listener of a broker that names none.</summary>
    public const string DefaultName = "PLAINTEXT";

    /// <summary>Whether clients must say who they are by SASL.</summary>
    public bool UsesSasl => Protocol is SecurityProtocol.SaslPlaintext or SecurityProtocol.SaslSsl;

    /// <summary>Whether connections are inside TLS.</summary>
    public bool UsesTls => Protocol is SecurityProtocol.Ssl or SecurityProtocol.SaslSsl;

    /// <summary>The protocol by Kafka's name.</summary>
    internal string ProtocolName => Protocol switch
    {
        SecurityProtocol.Ssl => "SSL",
        SecurityProtocol.SaslPlaintext => "SASL_PLAINTEXT",
        SecurityProtocol.SaslSsl => "SASL_SSL",
        _ => "PLAINTEXT",
    };

    /// <summary>The address told to clients, with the name before it.</summary>
    public override string ToString() => new ListenerAddress(Name, Host, Port).ToString();
}
