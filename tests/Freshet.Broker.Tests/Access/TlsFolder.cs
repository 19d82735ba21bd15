using System.Security.Cryptography.X509Certificates;
using Confluent.Kafka;
using Freshet.Node.Tls;
using Freshet.Tests.Support;

namespace Freshet.Broker.Tests.Access;

/// <summary>Certificates of a broker and its clients, in files.</summary>
internal sealed class TlsFolder : IDisposable
{
    private readonly TestCertificates _authority = new();
    private readonly TemporaryFolder _folder = new();

    public TlsFolder()
    {
        File.WriteAllText(Authority, _authority.AuthorityPem);
        WriteServer("broker");
    }

    public string Authority => Path.Combine(_folder.Path, "authority.pem");

    public TlsOptions Options(ClientCertificates clients = ClientCertificates.None) => new()
    {
        CertificateFile = Path.Combine(_folder.Path, "server.pem"),
        KeyFile = Path.Combine(_folder.Path, "server.key"),
        TrustFile = Authority,
        ClientCertificates = clients,
    };

    public void WriteServer(string name) => Write("server", _authority.Issue(name));

    /// <summary>Makes a client trust the broker.</summary>
    public void Trust(ClientConfig client)
    {
        client.SecurityProtocol = Confluent.Kafka.SecurityProtocol.Ssl;
        client.SslCaLocation = Authority;
    }

    /// <summary>Gives a client a certificate of its own.</summary>
    public void Identify(ClientConfig client, string name)
    {
        Trust(client);
        Write(name, _authority.Issue(name, forClient: true));
        client.SslCertificateLocation = Path.Combine(_folder.Path, $"{name}.pem");
        client.SslKeyLocation = Path.Combine(_folder.Path, $"{name}.key");
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private void Write(string name, X509Certificate2 certificate)
    {
        File.WriteAllText(Path.Combine(_folder.Path, $"{name}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder.Path, $"{name}.key"), TestCertificates.PrivateKeyPem(certificate));
    }
}
