namespace Freshet.Broker;

/// <summary>How clients say who they are on listeners with SASL.</summary>
public sealed class SaslOptions
{
    /// <summary>Mechanism with names and passwords.</summary>
    public const string Plain = "PLAIN";

    /// <summary>Mechanism with salted passwords that never leave the client, by SHA-256.</summary>
    public const string ScramSha256 = "SCRAM-SHA-256";

    /// <summary>Mechanism with salted passwords that never leave the client, by SHA-512.</summary>
    public const string ScramSha512 = "SCRAM-SHA-512";

    /// <summary>Mechanism with tokens that an authority has signed.</summary>
    public const string OAuthBearer = "OAUTHBEARER";

    /// <summary>Mechanisms offered, by name. Users of SCRAM are kept in the coordination service.</summary>
    public IReadOnlyList<string> Mechanisms { get; set; } = [ScramSha256, ScramSha512];

    /// <summary>Names and passwords for PLAIN.</summary>
    public IReadOnlyDictionary<string, string> PlainUsers { get; set; } = new Dictionary<string, string>();

    /// <summary>Which tokens OAUTHBEARER takes; needed when it is offered.</summary>
    public OAuthBearerOptions? Tokens { get; set; }

    /// <summary>Longest time until a client must authenticate again on its connection (KIP-368); null for no limit but a token's own.</summary>
    public TimeSpan? MaxSession { get; set; }

    /// <summary>Time that a failed authentication is answered later, so that guessing is slow. Kafka's own default.</summary>
    public TimeSpan FailureDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Time from connecting to the end of the authentication: ample on any network, short for those who only hold connections.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most connections whose client has not authenticated yet: enough for every client of a large application to come back at once.</summary>
    public int MaxConnections { get; set; } = 2_000;

    /// <summary>Largest request before authentication in bytes. Tokens are small, and nobody known sends it, so it is far less than Kafka's 512 KiB.</summary>
    public int MaxRequestBytes { get; set; } = 64 * 1024;
}
