using Freshet.Node.Tls;

namespace Freshet.Node.Configuration.Kafka;

/// <summary>The lines <c>ssl.*</c>, for all listeners or, with <c>listener.name.NAME.</c> before them, for one.</summary>
internal sealed class KafkaTlsSettings
{
    private static readonly HashSet<string> Known =
    [
        "ssl.keystore.location", "ssl.keystore.password", "ssl.keystore.type", "ssl.key.password", "ssl.truststore.location", "ssl.truststore.password",
        "ssl.truststore.type", "ssl.client.auth",
    ];

    private readonly Dictionary<string, ConfigurationEntry> _lines = [];

    /// <summary>Takes a line; false when it is about something else.</summary>
    /// <param name="listener">Whose line it is, in small letters; empty for all.</param>
    public bool TryApply(string listener, string key, ConfigurationEntry line)
    {
        if (!Known.Contains(key))
        {
            return false;
        }

        if (key.EndsWith(".type", StringComparison.Ordinal) && line.Value.ToUpperInvariant() is not ("PEM" or "PKCS12"))
        {
            throw line.Wrong("PEM and PKCS12 are read. Convert a JKS store: keytool -importkeystore -srckeystore OLD -destkeystore NEW.p12 -deststoretype PKCS12");
        }

        _lines[$"{listener}/{key}"] = line;
        return true;
    }

    /// <summary>What a listener with TLS needs.</summary>
    /// <exception cref="InvalidDataException">Something that it needs is not there.</exception>
    public TlsOptions Complete(string listener, string path)
    {
        ClientCertificates clients = Find(listener, "ssl.client.auth") is { } line ? Mode(line) : ClientCertificates.None;
        string? trust = Find(listener, "ssl.truststore.location")?.Path();
        if (clients != ClientCertificates.None && trust is null)
        {
            throw new InvalidDataException($"{path}: clients of the listener {listener} show certificates, but no ssl.truststore.location names the authorities to trust.");
        }

        return new TlsOptions
        {
            CertificateFile = Find(listener, "ssl.keystore.location")?.Path()
                ?? throw new InvalidDataException($"{path}: the listener {listener} uses TLS, but there is no ssl.keystore.location."),
            Password = (Find(listener, "ssl.key.password") ?? Find(listener, "ssl.keystore.password"))?.Value,
            ClientCertificates = clients,
            TrustFile = trust,
            TrustPassword = Find(listener, "ssl.truststore.password")?.Value,
        };
    }

    private ConfigurationEntry? Find(string listener, string key) =>
        _lines.TryGetValue($"{listener.ToLowerInvariant()}/{key}", out ConfigurationEntry own) ? own
        : _lines.TryGetValue($"/{key}", out ConfigurationEntry all) ? all
        : null;

    private static ClientCertificates Mode(ConfigurationEntry line) => line.Value.ToUpperInvariant() switch
    {
        "NONE" => ClientCertificates.None,
        "REQUESTED" => ClientCertificates.Want,
        "REQUIRED" => ClientCertificates.Need,
        _ => throw line.Wrong("It must be none, requested or required."),
    };
}
