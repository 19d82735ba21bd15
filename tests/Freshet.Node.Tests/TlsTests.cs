using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Freshet.Coordination.Client;
using Freshet.Node.Configuration;
using Freshet.Node.Tls;
using Freshet.Protocol.Jute;
using Freshet.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace Freshet.Node.Tests;

public sealed class TlsTests : IDisposable
{
    private readonly TestCertificates _authority = new();
    private readonly TemporaryFolder _folder = new();

    private string CertificateFile => Path.Combine(_folder.Path, "server.pem");

    private string KeyFile => Path.Combine(_folder.Path, "server.key");

    private string TrustFile => Path.Combine(_folder.Path, "trust.pem");

    [Fact]
    public async Task A_word_is_answered_over_TLS_and_the_plain_port_may_be_off()
    {
        Write("server");
        await using FreshetNode node = await StartAsync(new TlsOptions { CertificateFile = CertificateFile, KeyFile = KeyFile }, plainPort: null);
        Assert.Null(node.CoordinationConnectString);
        Assert.Equal(("CN=server", true), await AskAsync(node));
    }

    [Fact]
    public async Task Certificate_and_key_may_come_as_PKCS12_or_in_one_PEM_file()
    {
        X509Certificate2 certificate = _authority.Issue("one");
        string pkcs12 = Path.Combine(_folder.Path, "server.p12");
        await File.WriteAllBytesAsync(pkcs12, certificate.Export(X509ContentType.Pkcs12, "secret"));
        await using (FreshetNode node = await StartAsync(new TlsOptions { CertificateFile = pkcs12, Password = "secret" }))
        {
            Assert.Equal(("CN=one", true), await AskAsync(node));
        }

        await File.WriteAllTextAsync(CertificateFile, certificate.ExportCertificatePem() + "\n" + TestCertificates.PrivateKeyPem(certificate));
        await using FreshetNode other = await StartAsync(new TlsOptions { CertificateFile = CertificateFile });
        Assert.Equal(("CN=one", true), await AskAsync(other));
    }

    [Theory]
    [InlineData(ClientCertificates.None, false, false, true)]
    [InlineData(ClientCertificates.Want, false, false, true)]
    [InlineData(ClientCertificates.Want, true, true, true)]
    [InlineData(ClientCertificates.Want, true, false, false)]
    [InlineData(ClientCertificates.Need, true, true, true)]
    [InlineData(ClientCertificates.Need, true, false, false)]
    [InlineData(ClientCertificates.Need, false, false, false)]
    public async Task Clients_are_let_in_by_their_certificate(ClientCertificates mode, bool shows, bool isTrusted, bool isLetIn)
    {
        Write("server");
        using var stranger = new TestCertificates();
        using X509Certificate2? certificate = shows ? (isTrusted ? _authority : stranger).Issue("client", forClient: true) : null;
        await using FreshetNode node = await StartAsync(
            new TlsOptions { CertificateFile = CertificateFile, KeyFile = KeyFile, ClientCertificates = mode, TrustFile = TrustFile });
        Assert.Equal(isLetIn, (await AskAsync(node, certificate)).IsAnswered);
    }

    [Fact]
    public async Task One_port_may_serve_clients_with_TLS_and_without()
    {
        Write("both");
        FreshetNodeOptions options = Read("clientPort=0", "clientPortAddress=127.0.0.1", "client.portUnification=true", $"ssl.keyStore.location={CertificateFile}", "ssl.clientAuth=none");
        Assert.Null(options.CoordinationTls);
        options.CoordinationPortUnification!.KeyFile = KeyFile;
        options.CoordinationPortUnification.HandshakeTimeout = TimeSpan.FromMilliseconds(500);
        await using FreshetNode node = await FreshetNode.StartAsync(options);
        string address = node.CoordinationConnectString!;
        Assert.Equal(("CN=both", true), await AskAsync(address));
        await using (CoordinationClient plain = await CoordinationClient.ConnectAsync(new CoordinationClientOptions { ConnectString = address }))
        {
            await plain.CreateAsync("/plain");
        }

        using var silent = new TcpClient();
        await silent.ConnectAsync(IPEndPoint.Parse(address));
        Assert.Equal(0, await silent.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Throws<InvalidDataException>(() => Read("clientPort=1", "client.portUnification=true", "ssl.clientAuth=none"));
    }

    [Fact]
    public async Task Our_client_is_who_its_certificate_says_and_checks_the_servers()
    {
        Write("127.0.0.1");
        using X509Certificate2 certificate = _authority.Issue("shop", forClient: true);
        await using FreshetNode node = await StartAsync(
            new TlsOptions { CertificateFile = CertificateFile, KeyFile = KeyFile, ClientCertificates = ClientCertificates.Need, TrustFile = TrustFile });
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPem(_authority.AuthorityPem);
        var options = new CoordinationClientOptions
        {
            ConnectString = node.CoordinationTlsConnectString!,
            Tls = tls => (tls.ClientCertificates, tls.CertificateChainPolicy) = ([certificate], trust),
        };
        await using CoordinationClient client = await CoordinationClient.ConnectAsync(options);
        Assert.Contains(await client.WhoAmIAsync(), identity => identity is { Scheme: "x509", User: "CN=shop" });
        await client.CreateAsync("/shop", """{"open":true}"""u8.ToArray(), acl: [new Acl(AclPermissions.All, "x509", "CN=shop")]);
        IConfigurationRoot configuration = new ConfigurationBuilder().AddCoordination(source => (source.Client, source.Path) = (options, "/shop")).Build();
        Assert.Equal("True", configuration["open"]);
        (configuration as IDisposable)!.Dispose();

        var stranger = new CoordinationClientOptions { ConnectString = options.ConnectString, ConnectTimeout = TimeSpan.FromMilliseconds(500), Tls = _ => { } };
        CoordinationException refused = await Assert.ThrowsAsync<CoordinationException>(async () => await CoordinationClient.ConnectAsync(stranger));
        Assert.IsType<AuthenticationException>(refused.InnerException);
    }

    [Fact]
    public async Task A_certificate_that_changes_is_used_from_the_next_connection_on()
    {
        Write("first");
        await using FreshetNode node = await StartAsync(new TlsOptions { CertificateFile = CertificateFile, KeyFile = KeyFile });
        Assert.Equal("CN=first", (await AskAsync(node)).Server);
        await File.WriteAllTextAsync(CertificateFile, "-----BEGIN half of it");
        Assert.Equal("CN=first", (await AskAsync(node)).Server);
        Write("second");
        Assert.Equal("CN=second", (await AskAsync(node)).Server);
    }

    [Fact]
    public async Task Files_that_cannot_be_used_say_why()
    {
        await File.WriteAllBytesAsync(CertificateFile, [0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2]);
        Assert.Contains("keytool -importkeystore", await RefusalAsync(new TlsOptions { CertificateFile = CertificateFile }), StringComparison.Ordinal);
        await File.WriteAllBytesAsync(CertificateFile, _authority.Issue("x").Export(X509ContentType.Pkcs12, "secret"));
        string wrongPassword = await RefusalAsync(new TlsOptions { CertificateFile = CertificateFile, Password = "guess" });
        Assert.Contains("password", wrongPassword, StringComparison.Ordinal);
        Assert.DoesNotContain("guess", wrongPassword, StringComparison.Ordinal);
        Write("server");
        Assert.Contains("trust file", await RefusalAsync(
            new TlsOptions { CertificateFile = CertificateFile, KeyFile = KeyFile, ClientCertificates = ClientCertificates.Need }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SslProtocols.Tls13, null, SslProtocols.Tls12, false)]
    [InlineData(SslProtocols.Tls13, null, SslProtocols.Tls13, true)]
    [InlineData(SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, SslProtocols.Tls12, false)]
    public async Task Only_the_protocols_and_suites_that_are_named_are_spoken(SslProtocols spoken, TlsCipherSuite? suite, SslProtocols offered, bool isLetIn)
    {
        Write("server");
        await using FreshetNode node = await StartAsync(new TlsOptions
        {
            CertificateFile = CertificateFile,
            KeyFile = KeyFile,
            Protocols = spoken,
            CipherSuites = suite is { } named ? [named] : null,
        });
        Assert.Equal(isLetIn, (await AskAsync(node.CoordinationTlsConnectString!, protocols: offered)).IsAnswered);
    }

    [Fact]
    public void A_zoo_cfg_names_protocols_and_suites()
    {
        string[] port = ["secureClientPort=2281", "ssl.keyStore.location=a.pem", "ssl.clientAuth=none"];
        Assert.Equal(SslProtocols.Tls12 | SslProtocols.Tls13, Read([.. port, "ssl.protocol=TLSv1.3"]).CoordinationTls!.Protocols);
        Assert.Equal(SslProtocols.Tls12, Read([.. port, "ssl.protocol=TLSv1.2"]).CoordinationTls!.Protocols);
        TlsOptions tls = Read([.. port, "ssl.enabledProtocols=TLSv1.3", "ssl.ciphersuites=TLS_AES_256_GCM_SHA384, TLS_AES_128_GCM_SHA256"]).CoordinationTls!;
        Assert.Equal(SslProtocols.Tls13, tls.Protocols);
        Assert.Equal([TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_AES_128_GCM_SHA256], tls.CipherSuites!);
        Assert.Throws<InvalidDataException>(() => Read([.. port, "ssl.enabledProtocols=TLSv1.1"]));
        Assert.Throws<InvalidDataException>(() => Read([.. port, "ssl.ciphersuites=ROT13"]));
    }

    [Fact]
    public void A_zoo_cfg_names_key_and_trust_stores_and_asks_for_certificates_unless_told_not_to()
    {
        string passwordFile = Path.Combine(_folder.Path, "password");
        File.WriteAllText(passwordFile, "secret\n");
        TlsOptions tls = Read(
            "secureClientPort=2281", "secureClientPortAddress=127.0.0.2", $"ssl.keyStore.location={CertificateFile}",
            $"ssl.keyStore.passwordPath={passwordFile}", $"ssl.trustStore.location={TrustFile}", "ssl.trustStore.password=open").CoordinationTls!;
        Assert.Equal((2281, IPAddress.Parse("127.0.0.2"), CertificateFile), (tls.Port, tls.Address, tls.CertificateFile));
        Assert.Equal(("secret", TrustFile, "open", ClientCertificates.Need), (tls.Password, tls.TrustFile, tls.TrustPassword, tls.ClientCertificates));

        FreshetNodeOptions open = Read("secureClientPort=2281", "ssl.keyStore.location=a.pem", "ssl.clientAuth=none");
        Assert.Equal(ClientCertificates.None, open.CoordinationTls!.ClientCertificates);
        Assert.Null(open.CoordinationPort);
        Assert.Throws<InvalidDataException>(() => Read("secureClientPort=2281"));
        Assert.Throws<InvalidDataException>(() => Read("secureClientPort=2281", "ssl.keyStore.location=a", "ssl.clientAuth=maybe"));
    }

    [Fact]
    public async Task The_command_has_a_TLS_port()
    {
        Write("server");
        await using var server = FreshetProcess.Start(
            "coordination", "--data", _folder.Path, "--port", "0", "--tls-port", "0", "--tls-certificate", CertificateFile, "--tls-key", KeyFile);
        Assert.Equal(("CN=server", true), await AskAsync(await server.ReadyAsync("coordination with TLS")));
        Assert.Equal(0, await server.StopAsync());
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private static ValueTask<FreshetNode> StartAsync(TlsOptions tls, int? plainPort = 0) =>
        FreshetNode.StartAsync(new FreshetNodeOptions { Broker = false, CoordinationPort = plainPort, CoordinationTls = tls });

    private static async Task<string> RefusalAsync(TlsOptions tls) =>
        (await Assert.ThrowsAsync<InvalidDataException>(async () => await StartAsync(tls))).Message;

    private FreshetNodeOptions Read(params string[] lines)
    {
        string path = Path.Combine(_folder.Path, "zoo.cfg");
        File.WriteAllLines(path, lines);
        return ZooKeeperConfiguration.Read(path).Options;
    }

    private void Write(string name)
    {
        using X509Certificate2 certificate = _authority.Issue(name);
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, TestCertificates.PrivateKeyPem(certificate));
        File.WriteAllText(TrustFile, _authority.AuthorityPem);
    }

    private static Task<(string? Server, bool IsAnswered)> AskAsync(FreshetNode node, X509Certificate2? certificate = null) =>
        AskAsync(node.CoordinationTlsConnectString!, certificate);

    /// <summary>Asks for srvr; says who answered, and whether.</summary>
    private static async Task<(string? Server, bool IsAnswered)> AskAsync(
        string address, X509Certificate2? certificate = null, SslProtocols protocols = SslProtocols.None)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(address));
        string? server = null;
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "127.0.0.1",
                EnabledSslProtocols = protocols,
                ClientCertificates = certificate is null ? null : [certificate],
                RemoteCertificateValidationCallback = (_, shown, _, _) => (server = shown!.Subject) is not null,
            });
            await tls.WriteAsync(Encoding.ASCII.GetBytes("srvr"));
            using var reader = new StreamReader(tls);
            return (server, (await reader.ReadToEndAsync()).Contains("Mode: standalone", StringComparison.Ordinal));
        }
        catch (Exception refused) when (refused is IOException or AuthenticationException)
        {
            return (server, false);
        }
    }
}
