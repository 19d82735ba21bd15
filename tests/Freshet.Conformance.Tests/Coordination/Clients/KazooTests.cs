using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Coordination.Clients;

/// <summary>kazoo, the Python client, against Freshet.</summary>
public sealed class KazooTests(FreshetCoordinationServer server) : IClassFixture<FreshetCoordinationServer>
{
    private static readonly string[] Cases =
    [
        "create_get_set_delete", "create_with_stat", "ephemeral", "sequential", "one_shot_watches", "data_and_children_watchers",
        "transaction", "many_at_once", "lock", "election", "sync_and_acl",
    ];

    [Fact]
    public async Task Kazoo_works_against_Freshet()
    {
        Assert.SkipWhen(Peers.KazooPython is null, "kazoo is missing (Debian's python3-kazoo): this test would run its basics, watches, transactions and recipes.");
        string script = Path.Combine(RepositoryRoot.Path, "tests", "Freshet.Conformance.Tests", "Coordination", "Clients", "kazoo_cases.py");
        ProgramRun run = await ProgramRun.RunAsync(Peers.KazooPython!, [script, server.ConnectString]);
        Assert.Equal(Cases.Select(name => $"ok {name}"), run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, run.ExitCode);
    }

    [Theory]
    [InlineData("bobsecret", "created", "read mine", "hidden")]
    [InlineData("guess", "refused AuthFailedError")]
    public async Task Kazoo_logs_in_with_SASL_as_the_zoo_cfg_of_an_existing_deployment_says(string password, params string[] happened)
    {
        Assert.SkipWhen(Peers.KazooSaslPython is null, "kazoo or pure-sasl is missing (Debian's python3-kazoo, python3-pure-sasl): this test would log in with DIGEST-MD5.");
        using var folder = new TemporaryFolder();
        string jaas = Path.Combine(folder.Path, "jaas.conf");
        await File.WriteAllTextAsync(jaas, """Server { org.apache.zookeeper.server.auth.DigestLoginModule required user_bob="bobsecret"; };""");
        string file = Path.Combine(folder.Path, "zoo.cfg");
        await File.WriteAllLinesAsync(file,
        [
            $"dataDir={folder.Path}/data", "clientPort=0", "clientPortAddress=127.0.0.1", "authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider",
        ]);
        await using var server = FreshetProcess.Start("coordination", "--config", file, "--jaas", jaas);
        string script = Path.Combine(RepositoryRoot.Path, "tests", "Freshet.Conformance.Tests", "Coordination", "Clients", "kazoo_sasl.py");
        ProgramRun run = await ProgramRun.RunAsync(Peers.KazooSaslPython!, [script, await server.ReadyAsync("coordination"), "bob", password, "/bobs"]);
        Assert.Equal(happened, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
