using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Coordination.Clients;

/// <summary>node-zookeeper-client, written in JavaScript, against Freshet.</summary>
public sealed class NodeClientTests(FreshetCoordinationServer server) : IClassFixture<FreshetCoordinationServer>
{
    private static readonly string[] Cases = ["create_get_set_remove", "ephemeral_and_sequential", "watches", "transaction", "acl_and_auth", "mkdirp", "close"];

    [Fact]
    public async Task The_client_for_Node_works_against_Freshet()
    {
        string? module = Peers.NodeModule("node-zookeeper-client");
        Assert.SkipWhen(
            Peers.Node is null || module is null,
            "node-zookeeper-client is missing (npm install --prefix artifacts/node node-zookeeper-client): this test would run its basics, watches and transactions.");
        string script = Path.Combine(RepositoryRoot.Path, "tests", "Freshet.Conformance.Tests", "Coordination", "Clients", "node_cases.js");
        ProgramRun run = await ProgramRun.RunAsync(Peers.Node!, [script, module!, server.ConnectString]);
        Assert.Equal("", run.Errors);
        Assert.Equal(Cases.Select(name => $"ok {name}"), run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, run.ExitCode);
    }
}
