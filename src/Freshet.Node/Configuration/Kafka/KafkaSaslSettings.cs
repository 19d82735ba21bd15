using Freshet.Broker;

namespace Freshet.Node.Configuration.Kafka;

/// <summary>The lines about SASL, for all listeners or, with <c>listener.name.NAME.</c> before them, for one: mechanisms, users of PLAIN, and whose tokens to take.</summary>
internal sealed class KafkaSaslSettings
{
    private const string Offered = "PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 and OAUTHBEARER";
    private const string JaasConfig = "sasl.jaas.config";

    private static readonly HashSet<string> Known =
    [
        "sasl.enabled.mechanisms", JaasConfig, $"plain.{JaasConfig}", $"scram-sha-256.{JaasConfig}", $"scram-sha-512.{JaasConfig}", $"oauthbearer.{JaasConfig}",
        "connections.max.reauth.ms", "connection.failed.authentication.delay.ms", "sasl.server.max.receive.size", "sasl.oauthbearer.jwks.endpoint.url",
        "sasl.oauthbearer.expected.issuer", "sasl.oauthbearer.expected.audience", "sasl.oauthbearer.sub.claim.name", "sasl.oauthbearer.clock.skew.seconds",
        "sasl.oauthbearer.jwks.endpoint.refresh.ms",
    ];

    private readonly Dictionary<string, ConfigurationEntry> _lines = [];

    /// <summary>Takes a line; false when it is about something else.</summary>
    /// <param name="listener">Whose line it is, in small letters; empty for all.</param>
    /// <exception cref="InvalidDataException">The users cannot be read.</exception>
    public bool TryApply(string listener, string key, ConfigurationEntry line)
    {
        if (!Known.Contains(key))
        {
            return false;
        }

        if (key.EndsWith(JaasConfig, StringComparison.Ordinal))
        {
            JaasOptions.Check(line);
        }

        _lines[$"{listener}/{key}"] = line;
        return true;
    }

    /// <summary>What a listener with SASL needs.</summary>
    /// <exception cref="InvalidDataException">Something that a mechanism needs is not there, or a value cannot be used.</exception>
    public SaslOptions Complete(string listener, string path)
    {
        string[] mechanisms = Mechanisms(listener, path);
        var options = new SaslOptions { Mechanisms = mechanisms };
        if (mechanisms.Contains(SaslOptions.Plain))
        {
            options.PlainUsers = (Find(listener, $"plain.{JaasConfig}") ?? Find(listener, JaasConfig)) is { } users
                ? JaasOptions.Users(users)
                : throw new InvalidDataException($"{path}: the listener {listener} offers PLAIN but has no users. Add listener.name.{listener.ToLowerInvariant()}.plain.sasl.jaas.config.");
        }

        if (mechanisms.Contains(SaslOptions.OAuthBearer))
        {
            options.Tokens = Tokens(listener, path);
        }

        if (Find(listener, "connections.max.reauth.ms") is { } session && session.Number(0, int.MaxValue) is > 0 and var ms)
        {
            options.MaxSession = TimeSpan.FromMilliseconds(ms);
        }

        if (Find(listener, "connection.failed.authentication.delay.ms") is { } delay)
        {
            options.FailureDelay = TimeSpan.FromMilliseconds(delay.Number(0, 60_000));
        }

        if (Find(listener, "sasl.server.max.receive.size") is { } size)
        {
            options.MaxRequestBytes = size.Number(1024, 16 * 1024 * 1024);
        }

        return options;
    }

    private string[] Mechanisms(string listener, string path)
    {
        ConfigurationEntry line = Find(listener, "sasl.enabled.mechanisms") ?? throw new InvalidDataException(
            $"{path}: the listener {listener} uses SASL, but there is no sasl.enabled.mechanisms. Apache Kafka would offer GSSAPI (Kerberos), which Freshet does not have: name {Offered}.");
        string[] names = Split(line.Value);
        return names.Except([SaslOptions.Plain, SaslOptions.ScramSha256, SaslOptions.ScramSha512, SaslOptions.OAuthBearer]).FirstOrDefault() is { } unknown
            ? throw line.Wrong($"Freshet does not have {unknown}; there are {Offered}.")
            : names;
    }

    private OAuthBearerOptions Tokens(string listener, string path)
    {
        ConfigurationEntry keys = Required("sasl.oauthbearer.jwks.endpoint.url");
        var tokens = new OAuthBearerOptions
        {
            Keys = Uri.TryCreate(keys.Value, UriKind.Absolute, out Uri? address)
                ? address
                : throw keys.Wrong("It must be an absolute address, such as https://issuer/keys or file:///etc/keys.json."),
            Issuer = Required("sasl.oauthbearer.expected.issuer").Value,
            Audiences = Split(Required("sasl.oauthbearer.expected.audience").Value),
            KeysTrustFile = TrustFile(listener),
        };
        if (Find(listener, "sasl.oauthbearer.sub.claim.name") is { } claim)
        {
            tokens.NameClaim = claim.Value;
        }

        if (Find(listener, "sasl.oauthbearer.clock.skew.seconds") is { } skew)
        {
            tokens.ClockSkew = TimeSpan.FromSeconds(skew.Number(0, 3600));
        }

        if (Find(listener, "sasl.oauthbearer.jwks.endpoint.refresh.ms") is { } refresh)
        {
            tokens.RefreshKeysAfter = TimeSpan.FromMilliseconds(refresh.Number(10_000, int.MaxValue));
        }

        return tokens;

        ConfigurationEntry Required(string key) => Find(listener, key) is { Value.Length: > 0 } line
            ? line
            : throw new InvalidDataException($"{path}: the listener {listener} offers OAUTHBEARER, but there is no {key}.");
    }

    /// <summary>As in Apache Kafka, the login module says by whom the https server of the keys is trusted.</summary>
    private string? TrustFile(string listener)
    {
        if (Find(listener, $"oauthbearer.{JaasConfig}") is not { } line)
        {
            return null;
        }

        Dictionary<string, string> options = JaasOptions.Read(line);
        if (options.TryGetValue("ssl.truststore.type", out string? type) && !type.Equals("PEM", StringComparison.OrdinalIgnoreCase))
        {
            throw line.Wrong("The certificates to trust must be a PEM file: ssl.truststore.type=\"PEM\".");
        }

        return options.GetValueOrDefault("ssl.truststore.location") is { Length: > 0 } file ? Path.GetFullPath(file) : null;
    }

    private ConfigurationEntry? Find(string listener, string key) =>
        _lines.TryGetValue($"{listener.ToLowerInvariant()}/{key}", out ConfigurationEntry own) ? own
        : _lines.TryGetValue($"/{key}", out ConfigurationEntry all) ? all
        : null;

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
