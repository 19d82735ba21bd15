using System.Security.Cryptography.X509Certificates;
using Freshet.Tests.Support;

namespace Freshet.Node.Tests;

/// <summary><c>freshet zk</c> over TLS and as a user, against <c>freshet coordination</c> with the flags for either.</summary>
public sealed class ZkSecurityTests : IDisposable
{
    private readonly TestCertificates _authority = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_certificate_is_shown_and_the_servers_checked()
    {
        await using FreshetProcess server = StartServer("--tls-port", "0", "--tls-client-certificate", "Need", "--tls-trust", Authority());
        await server.ReadyAsync("coordination");
        string address = await server.ReadyAsync("coordination with TLS");
        string[] own = [.. Certificate("shop", forClient: true, "--cert", "--key")];
        ProgramRun known = await ZkAsync([.. own, "--ca", Authority(), "--server", address, "whoami"]);
        Assert.Equal("", known.Errors);
        Assert.Contains("x509: CN=shop", known.Output, StringComparison.Ordinal);
        ProgramRun untrusting = await ZkAsync([.. own, "--connect-timeout", "5000", "--server", address, "whoami"]);
        Assert.Equal(1, untrusting.ExitCode);
        Assert.Contains("certificate", untrusting.Errors, StringComparison.Ordinal);
        ProgramRun unknown = await ZkAsync(["--ca", Authority(), "--connect-timeout", "500", "--server", address, "whoami"]);
        Assert.Equal(1, unknown.ExitCode);
    }

    [Fact]
    public async Task One_port_may_serve_clients_with_TLS_and_without()
    {
        await using FreshetProcess server = StartServer("--port-unification");
        string address = await server.ReadyAsync("coordination");
        Assert.Equal("Created /a\n", (await ZkAsync(["--server", address, "create", "/a", "1"])).Output);
        Assert.Equal("1\n", (await ZkAsync(["--tls", "--ca", Authority(), "--server", address, "get", "/a"])).Output);
    }

    [Fact]
    public async Task A_user_logs_in_with_a_password_that_no_list_of_processes_shows()
    {
        string jaas = Write("jaas.conf", "Server { org.apache.zookeeper.server.auth.DigestLoginModule required user_bob=\"secret\"; };");
        string password = Write("password", "secret\n");
        await using FreshetProcess server = FreshetProcess.Start("coordination", "--data", Path.Combine(_folder.Path, "data"), "--port", "0", "--jaas", jaas);
        string address = await server.ReadyAsync("coordination");
        ProgramRun digest = await ZkAsync(["--server", address, "--user", "whoami", "--password-file", password, "whoami"]);
        Assert.Equal("", digest.Errors);
        Assert.Contains("digest: whoami", digest.Output, StringComparison.Ordinal);
        ProgramRun sasl = await ZkAsync(["--server", address, "--user", "bob", "--auth", "sasl", "whoami"], ("FRESHET_ZK_PASSWORD", "secret"));
        Assert.Contains("sasl: bob", sasl.Output, StringComparison.Ordinal);
        ProgramRun wrong = await ZkAsync(["--server", address, "--user", "bob", "--auth", "sasl", "whoami"], ("FRESHET_ZK_PASSWORD", "guess"));
        Assert.Equal(1, wrong.ExitCode);
        Assert.DoesNotContain("guess", wrong.Errors, StringComparison.Ordinal);
        ProgramRun none = await ZkAsync(["--server", address, "--user", "bob", "whoami"]);
        Assert.Equal(1, none.ExitCode);
        Assert.Contains("--password-file", none.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_cannot_be_used_are_named()
    {
        ProgramRun missing = await ZkAsync(["--ca", Path.Combine(_folder.Path, "nowhere.pem"), "ls", "/"]);
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("nowhere.pem", missing.Errors, StringComparison.Ordinal);
        ProgramRun nonsense = await ZkAsync(["--cert", Write("nonsense.pem", "nonsense"), "ls", "/"]);
        Assert.Equal(1, nonsense.ExitCode);
        Assert.Contains("nonsense.pem", nonsense.Errors, StringComparison.Ordinal);
    }

    private static Task<ProgramRun> ZkAsync(string[] words, params (string Name, string Value)[] environment) =>
        ProgramRun.RunAsync(FreshetProcess.Program, ["zk", .. words], "", environment);

    private FreshetProcess StartServer(params string[] flags) => FreshetProcess.Start(
        ["coordination", "--data", Path.Combine(_folder.Path, "data"), "--port", "0", .. Certificate("server", forClient: false, "--tls-certificate", "--tls-key"), .. flags]);

    private string Authority() => Write("authority.pem", _authority.AuthorityPem);

    private string[] Certificate(string name, bool forClient, string flag, string keyFlag)
    {
        using X509Certificate2 certificate = _authority.Issue(name, forClient);
        return [flag, Write(name + ".pem", certificate.ExportCertificatePem()), keyFlag, Write(name + ".key", TestCertificates.PrivateKeyPem(certificate))];
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, text);
        return path;
    }
}
