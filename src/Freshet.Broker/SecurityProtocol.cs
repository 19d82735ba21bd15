namespace Freshet.Broker;

/// <summary>How a listener protects its connections: whether TLS hides them, and whether SASL asks who is there.</summary>
public enum SecurityProtocol
{
    /// <summary>Neither.</summary>
    Plaintext,

    /// <summary>TLS; a client certificate, where asked for, names the client.</summary>
    Ssl,

    /// <summary>SASL without TLS: passwords and records can be read on the way.</summary>
    SaslPlaintext,

    /// <summary>SASL inside TLS.</summary>
    SaslSsl,
}
