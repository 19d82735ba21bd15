using Freshet.Node.Tls;

namespace Freshet.Node.Configuration.Kafka;

/// <summary>The lines <c>ssl.*</c>, for all listeners or, with <c>listener.name.NAME.</c> before them, for one.</summary>
internal sealed class KafkaTlsSettings
{
    private static readonly HashSet<string> Known =
    [
        "ssl.keystore.location", "ssl.keystore.password", "ssl.keystore.type", "ssl.key.password", "ssl.truststore.location", "ssl.truststore.password",
        "ssl.truststore.type", "ssl.client.auth", "ssl.keystore.certificate.chain", "ssl.keystore.key", "ssl.truststore.certificates",
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
        string? trustPem = Find(listener, "ssl.truststore.certificates")?.Value;
        if (clients != ClientCertificates.None && trust is null && trustPem is null)
        {
            throw new InvalidDataException(
                $"{path}: clients of the listener {listener} show certificates, but no ssl.truststore.location and no ssl.truststore.certificates names the authorities to trust.");
        }

        string? store = Find(listener, "ssl.keystore.location")?.Path();
        ConfigurationEntry? chain = Find(listener, "ssl.keystore.certificate.chain");
        if (store is null && chain is null)
        {
            throw new InvalidDataException($"{path}: the listener {listener} uses TLS, but there is no ssl.keystore.location and no ssl.keystore.certificate.chain.");
        }

        if (store is not null && chain is { } both)
        {
            throw both.Wrong("ssl.keystore.location names a certificate too: keep one of the two.");
        }

        return new TlsOptions
        {
            CertificateFile = store,
            CertificatePem = chain?.Value,
            KeyPem = chain is null ? null : Find(listener, "ssl.keystore.key")?.Value,
            Password = (Find(listener, "ssl.key.password") ?? (chain is null ? Find(listener, "ssl.keystore.password") : null))?.Value,
            ClientCertificates = clients,
            TrustFile = trustPem is null ? trust : null,
            TrustPem = trustPem,
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
