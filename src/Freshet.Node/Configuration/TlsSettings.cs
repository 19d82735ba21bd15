using System.Net;
using Freshet.Node.Tls;

namespace Freshet.Node.Configuration;

/// <summary>The lines of a zoo.cfg about TLS: <c>secureClientPort</c>, <c>client.portUnification</c> and <c>ssl.*</c>.</summary>
internal sealed class TlsSettings
{
    private int? _port;
    private bool _alsoOnClientPort;
    private IPAddress? _address;
    private string? _keyStore;
    private string? _keyStorePassword;
    private string? _trustStore;
    private string? _trustStorePassword;

    // As in ZooKeeper: who switches TLS on asks clients for certificates unless the file says otherwise.
    private ClientCertificates _clients = ClientCertificates.Need;

    private readonly TlsProtocolSettings _protocols = new();

    public static Dictionary<string, Action<TlsSettings, ConfigurationEntry>> Keys { get; } = new(StringComparer.Ordinal)
    {
        ["secureClientPort"] = (tls, line) => tls._port = line.Port(),
        ["secureClientPortAddress"] = (tls, line) => tls._address = line.Address(),
        ["client.portUnification"] = (tls, line) => tls._alsoOnClientPort = line.Switch(),
        ["ssl.keyStore.location"] = (tls, line) => tls._keyStore = line.Path(),
        ["ssl.keyStore.password"] = (tls, line) => tls._keyStorePassword = line.Value,
        ["ssl.keyStore.passwordPath"] = (tls, line) => tls._keyStorePassword = PasswordIn(line),
        ["ssl.keyStore.type"] = CheckType,
        ["ssl.trustStore.location"] = (tls, line) => tls._trustStore = line.Path(),
        ["ssl.trustStore.password"] = (tls, line) => tls._trustStorePassword = line.Value,
        ["ssl.trustStore.passwordPath"] = (tls, line) => tls._trustStorePassword = PasswordIn(line),
        ["ssl.trustStore.type"] = CheckType,
        ["ssl.protocol"] = (tls, line) => tls._protocols.SetNewest(line),
        ["ssl.enabledProtocols"] = (tls, line) => tls._protocols.SetEnabled(line),
        ["ssl.ciphersuites"] = (tls, line) => tls._protocols.SetSuites(line),
        ["ssl.clientAuth"] = (tls, line) => tls._clients = line.Value.ToUpperInvariant() switch
        {
            "NONE" => ClientCertificates.None,
            "WANT" => ClientCertificates.Want,
            "NEED" => ClientCertificates.Need,
            _ => throw line.Wrong("It must be none, want or need."),
        },
    };

    /// <summary>The port with TLS; null when the file has none.</summary>
    /// <exception cref="InvalidDataException">A file that it needs is not named.</exception>
    public TlsOptions? SecurePort(string path) => _port is int port ? Complete(path, "a secureClientPort", port) : null;

    /// <summary>TLS on the port without; null when the file has none.</summary>
    /// <exception cref="InvalidDataException">A file that it needs is not named.</exception>
    public TlsOptions? ClientPort(string path) => _alsoOnClientPort ? Complete(path, "client.portUnification", port: 0) : null;

    private TlsOptions Complete(string path, string what, int port)
    {
        if (_clients != ClientCertificates.None && _trustStore is null)
        {
            throw new InvalidDataException(
                $"{path} names {what} but no ssl.trustStore.location to check clients by. Name one, or add ssl.clientAuth=none.");
        }

        var options = new TlsOptions
        {
            Port = port,
            Address = _address,
            CertificateFile = _keyStore ?? throw new InvalidDataException($"{path} names {what} but no ssl.keyStore.location."),
            Password = _keyStorePassword,
            ClientCertificates = _clients,
            TrustFile = _trustStore,
            TrustPassword = _trustStorePassword,
        };
        _protocols.ApplyTo(options);
        return options;
    }

    private static string PasswordIn(ConfigurationEntry line)
    {
        try
        {
            return File.ReadAllText(line.Path()).TrimEnd('\r', '\n');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw line.Wrong("The file cannot be read.");
        }
    }

    private static void CheckType(TlsSettings tls, ConfigurationEntry line)
    {
        if (line.Value.ToUpperInvariant() is not ("PEM" or "PKCS12"))
        {
            throw line.Wrong("PEM and PKCS12 are read. Convert a JKS store: keytool -importkeystore -srckeystore OLD -destkeystore NEW.p12 -deststoretype PKCS12");
        }
    }
}
