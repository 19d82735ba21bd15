using System.Security.Cryptography.X509Certificates;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Coordination.Clients;

/// <summary><c>freshet zk</c> over TLS against Apache ZooKeeper, which asks for a certificate.</summary>
public sealed class ApacheTlsTests : IDisposable
{
    private readonly TestCertificates _authority = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_shell_shows_its_certificate_and_logs_a_user_in()
    {
        Assert.SkipWhen(ApacheRelease.Peer is null, "Apache ZooKeeper 3.9 is missing: this test would connect to it with TLS.");
        int port = FreshetProcess.FreePort();
        string authority = Write("authority.pem", _authority.AuthorityPem);
        await using ApacheZooKeeper server = await ApacheZooKeeper.StartAsync(
            ApacheRelease.Peer!, Path.Combine(_folder.Path, "data"),
            "serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory", $"secureClientPort={port}", "secureClientPortAddress=127.0.0.1",
            $"ssl.keyStore.location={Certificate("server", forClient: false)}", "ssl.keyStore.type=PEM", $"ssl.trustStore.location={authority}", "ssl.trustStore.type=PEM");
        ProgramRun run = await ProgramRun.RunAsync(
            FreshetProcess.Program,
            ["zk", "--server", $"127.0.0.1:{port}", "--ca", authority, "--cert", Certificate("shop", forClient: true), "--user", "ann", "whoami"],
            "", ("FRESHET_ZK_PASSWORD", "secret"));
        Assert.Equal("", run.Errors);
        Assert.Contains("x509: CN=shop", run.Output, StringComparison.Ordinal);
        Assert.Contains("digest: ann", run.Output, StringComparison.Ordinal);
    }

    private string Certificate(string name, bool forClient)
    {
        using X509Certificate2 certificate = _authority.Issue(name, forClient);
        return Write(name + ".pem", TestCertificates.PrivateKeyPem(certificate) + "\n" + certificate.ExportCertificatePem());
    }

    private string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "data"));
        string path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, text);
        return path;
    }
}
