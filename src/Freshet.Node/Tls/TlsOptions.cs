using System.Net;
using System.Net.Security;
using System.Security.Authentication;

namespace Freshet.Node.Tls;

/// <summary>Whether clients show a certificate.</summary>
public enum ClientCertificates
{
    /// <summary>They are not asked.</summary>
    None,

    /// <summary>They are asked; one that is shown must be trusted.</summary>
    Want,

    /// <summary>They must show one that is trusted.</summary>
    Need,
}

/// <summary>A port with TLS. Its files are read again when they change; one that cannot be read leaves the former in use.</summary>
public sealed class TlsOptions
{
    /// <summary>Port to listen on; 0 takes a free one.</summary>
    public int Port { get; set; }

    /// <summary>Address to listen on; null is the node's.</summary>
    public IPAddress? Address { get; set; }

    /// <summary>The server's certificate: PEM, with its chain behind it when it has one, or PKCS12 with its key. This or <see cref="CertificatePem"/> is needed.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>The server's certificate as PEM text, its chain behind it when it has one, in place of a file.</summary>
    public string? CertificatePem { get; set; }

    /// <summary>The key of <see cref="CertificatePem"/> as PEM text. Null means that it is in there.</summary>
    public string? KeyPem { get; set; }

    /// <summary>The certificate's key as PEM. Null means that it is in <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; set; }

    /// <summary>Password of the PKCS12 file or of the encrypted key; null for none.</summary>
    public string? Password { get; set; }

    /// <summary>Whether clients show a certificate. They are not asked by default.</summary>
    public ClientCertificates ClientCertificates { get; set; }

    /// <summary>Certificates of the authorities whose clients are trusted, as PEM or PKCS12. Needed when clients are asked.</summary>
    public string? TrustFile { get; set; }

    /// <summary>The same as PEM text, in place of a file.</summary>
    public string? TrustPem { get; set; }

    /// <summary>Password of <see cref="TrustFile"/>; null for none.</summary>
    public string? TrustPassword { get; set; }

    /// <summary>Versions of TLS that are spoken: 1.2 and 1.3 unless changed.</summary>
    public SslProtocols Protocols { get; set; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>Cipher suites that are spoken; null, the default, leaves the choice to the system. Not on Windows, where the system chooses always.</summary>
    public IReadOnlyList<TlsCipherSuite>? CipherSuites { get; set; }

    /// <summary>How long a handshake may take. 10 seconds is ample on any network and short for those who only hold connections.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
