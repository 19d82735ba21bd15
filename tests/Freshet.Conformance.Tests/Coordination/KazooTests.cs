using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Coordination;

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
        string script = Path.Combine(RepositoryRoot.Path, "tests", "Freshet.Conformance.Tests", "Coordination", "kazoo_cases.py");
        ProgramRun run = await ProgramRun.RunAsync(Peers.KazooPython!, [script, server.ConnectString]);
        Assert.Equal(Cases.Select(name => $"ok {name}"), run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, run.ExitCode);
    }
}
