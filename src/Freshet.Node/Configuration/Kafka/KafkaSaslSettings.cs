using System.Text.RegularExpressions;
using Freshet.Broker;

namespace Freshet.Node.Configuration.Kafka;

/// <summary>The lines about SASL: mechanisms, users of PLAIN, and whose tokens to take. One set for all listeners.</summary>
internal sealed partial class KafkaSaslSettings
{
    private readonly SaslOptions _options = new();
    private readonly Dictionary<string, string> _users = [];
    private ConfigurationEntry? _mechanisms;
    private Uri? _keys;
    private string? _issuer;
    private string[] _audiences = [];
    private string _nameClaim = "sub";
    private TimeSpan _skew = TimeSpan.FromSeconds(30);

    public static Dictionary<string, Action<KafkaSaslSettings, ConfigurationEntry>> Keys { get; } = new(StringComparer.Ordinal)
    {
        ["sasl.enabled.mechanisms"] = (sasl, line) => sasl._mechanisms = line,
        ["plain.sasl.jaas.config"] = (sasl, line) => sasl.AddUsers(line),
        ["sasl.jaas.config"] = (sasl, line) => sasl.AddUsers(line),
        ["scram-sha-256.sasl.jaas.config"] = (_, _) => { }, // Names a class; the users are in the coordination service.
        ["scram-sha-512.sasl.jaas.config"] = (_, _) => { },
        ["oauthbearer.sasl.jaas.config"] = (_, _) => { },
        ["connections.max.reauth.ms"] = (sasl, line) => sasl._options.MaxSession = line.Number(0, int.MaxValue) is > 0 and var ms ? TimeSpan.FromMilliseconds(ms) : null,
        ["connection.failed.authentication.delay.ms"] = (sasl, line) => sasl._options.FailureDelay = TimeSpan.FromMilliseconds(line.Number(0, 60_000)),
        ["sasl.server.max.receive.size"] = (sasl, line) => sasl._options.MaxRequestBytes = line.Number(1024, 16 * 1024 * 1024),
        ["sasl.oauthbearer.jwks.endpoint.url"] = (sasl, line) => sasl._keys = Uri.TryCreate(line.Value, UriKind.Absolute, out Uri? keys)
            ? keys
            : throw line.Wrong("It must be an absolute address, such as https://issuer/keys or file:///etc/keys.json."),
        ["sasl.oauthbearer.expected.issuer"] = (sasl, line) => sasl._issuer = line.Value,
        ["sasl.oauthbearer.expected.audience"] = (sasl, line) => sasl._audiences = Split(line.Value),
        ["sasl.oauthbearer.sub.claim.name"] = (sasl, line) => sasl._nameClaim = line.Value,
        ["sasl.oauthbearer.clock.skew.seconds"] = (sasl, line) => sasl._skew = TimeSpan.FromSeconds(line.Number(0, 3600)),
    };

    /// <exception cref="InvalidDataException">Something that a mechanism needs is not there.</exception>
    public SaslOptions Complete(string path)
    {
        string[] names = _mechanisms is { } line ? Split(line.Value) : throw new InvalidDataException(
            $"{path} has a listener with SASL but no sasl.enabled.mechanisms. Apache Kafka would offer GSSAPI (Kerberos), which Freshet does not have: name {Offered}.");
        if (names.Except([SaslOptions.Plain, SaslOptions.ScramSha256, SaslOptions.ScramSha512, SaslOptions.OAuthBearer]).FirstOrDefault() is { } unknown)
        {
            throw line.Wrong($"Freshet does not have {unknown}; there are {Offered}.");
        }

        if (names.Contains(SaslOptions.OAuthBearer))
        {
            _options.Tokens = new OAuthBearerOptions
            {
                Keys = _keys ?? throw new InvalidDataException($"{path} offers OAUTHBEARER but has no sasl.oauthbearer.jwks.endpoint.url."),
                Issuer = _issuer is { Length: > 0 } issuer ? issuer : throw new InvalidDataException($"{path} offers OAUTHBEARER but has no sasl.oauthbearer.expected.issuer."),
                Audiences = _audiences.Length > 0 ? _audiences : throw new InvalidDataException($"{path} offers OAUTHBEARER but has no sasl.oauthbearer.expected.audience."),
                NameClaim = _nameClaim,
                ClockSkew = _skew,
            };
        }

        _options.Mechanisms = names;
        _options.PlainUsers = _users;
        return _options;
    }

    private const string Offered = "PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 and OAUTHBEARER";

    /// <summary>Users of PLAIN: <c>user_NAME="password"</c> among the options of a login module, whose class has no meaning here.</summary>
    private void AddUsers(ConfigurationEntry line)
    {
        if (!line.Value.TrimEnd().EndsWith(';'))
        {
            throw line.Wrong("It must end with a semicolon.");
        }

        foreach (Match user in User().Matches(line.Value))
        {
            _users[user.Groups["name"].Value] = user.Groups["quoted"].Success ? user.Groups["quoted"].Value.Replace("\\\"", "\"", StringComparison.Ordinal) : user.Groups["bare"].Value;
        }
    }

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("""\buser_(?<name>[^=\s]+)\s*=\s*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<bare>[^\s;"]+))""")]
    private static partial Regex User();
}
