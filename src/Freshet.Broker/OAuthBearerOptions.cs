namespace Freshet.Broker;

/// <summary>Which signed tokens (JWT) are taken. Issuer and audience are required: a token made for someone else must not open this broker.</summary>
public sealed class OAuthBearerOptions
{
    /// <summary>Who must have made the token (claim iss).</summary>
    public required string Issuer { get; set; }

    /// <summary>For whom it must be made: one of these (claim aud).</summary>
    public required IReadOnlyCollection<string> Audiences { get; set; }

    /// <summary>
    /// Where the issuer's public keys are: an absolute file or https URL of a JWKS, or a PEM file with one key or certificate.
    /// Plain http is taken from loopback only.
    /// </summary>
    public required Uri Keys { get; set; }

    /// <summary>
    /// PEM file with the certificates of the authorities that vouch for the https server of <see cref="Keys"/>, in place of those the machine
    /// trusts; read at the start. Null trusts what the machine does.
    /// </summary>
    public string? KeysTrustFile { get; set; }

    /// <summary>Longest that reading the keys may take; clients that sign in meanwhile wait.</summary>
    public TimeSpan KeysTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Claim that has the user's name.</summary>
    public string NameClaim { get; set; } = "sub";

    /// <summary>How far the clocks of issuer and broker may differ. Kafka's own default.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Time after which the keys are read again; a token with an unknown key has them read earlier, at most every ten seconds.</summary>
    public TimeSpan RefreshKeysAfter { get; set; } = TimeSpan.FromHours(1);
}
