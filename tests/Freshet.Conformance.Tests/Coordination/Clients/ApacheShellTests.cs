using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Coordination.Clients;

/// <summary>Apache ZooKeeper's own shell, and so its Java client, against Freshet.</summary>
public sealed class ApacheShellTests(FreshetCoordinationServer server) : IClassFixture<FreshetCoordinationServer>
{
    private const string DebianShell = "/usr/share/zookeeper/bin/zkCli.sh";

    private static readonly string? Shell = Peers.ZooKeeperShell ?? (File.Exists(DebianShell) ? DebianShell : null);

    [Fact]
    public async Task The_shell_works_against_Freshet()
    {
        Assert.SkipWhen(Shell is null, "Apache ZooKeeper's shell is missing: this test would create, read, watch and delete znodes with it.");
        string[] script =
        [
            "create /shell one", "get /shell", "set /shell two", "get -s /shell", "create -e /shell/temporary x", "create -s /shell/n- y", "create -s /shell/n- z",
            "ls /shell", "stat /shell", "get -w /shell", "set /shell three", "getAcl /shell", "sync /shell", "delete /shell/n-0000000001",
            "create /shell/nowhere/child x", "delete /shell", "deleteall /shell", "ls /", "quit",
        ];
        ProgramRun run = await RunAsync(script);
        string all = run.Output + run.Errors;
        string[] expected =
        [
            "Created /shell", "one", "two", "dataVersion = 1", "Created /shell/temporary", "Created /shell/n-0000000001", "Created /shell/n-0000000002",
            "[n-0000000001, n-0000000002, temporary]", "numChildren = 3", "type:NodeDataChanged path:/shell", "'world,'anyone", "Sync is OK",
            "Node does not exist: /shell/nowhere/child", "Node not empty: /shell",
        ];
        Assert.All(expected, text => Assert.Contains(text, all, StringComparison.Ordinal));
        Assert.EndsWith("[zookeeper]", run.Output.TrimEnd().Split('\n').Last(line => line.Contains('[', StringComparison.Ordinal)).Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_shell_sets_lists_and_deletes_quotas()
    {
        Assert.SkipWhen(Shell is null, "Apache ZooKeeper's shell is missing: this test would set, list and delete quotas with it.");
        ProgramRun run = await RunAsync(
        [
            "create /quota one", "create /quota/child two2", "setquota -n 5 /quota", "setquota -B 100 /quota", "create /quota/other x", "set /quota longer",
            "listquota /quota", "delquota /quota", "listquota /quota", "get /zookeeper/quota/quota/zookeeper_stats", "deleteall /quota", "quit",
        ]);
        string all = run.Output + run.Errors;
        Assert.Contains("Output quota for /quota count=5,bytes=-1=;byteHardLimit=100;countHardLimit=-1", all, StringComparison.Ordinal);
        Assert.Contains("Output stat for /quota count=3,bytes=11", all, StringComparison.Ordinal);
    }

    private Task<ProgramRun> RunAsync(string[] script) => ProgramRun.RunAsync(
        Shell!, Peers.ZooKeeperShell is null ? ["-server", server.ConnectString] : [server.ConnectString], string.Join('\n', script) + "\n");
}
