using System.Text.Json;
using Freshet.Tests.Support;

namespace Freshet.Node.Tests;

/// <summary><c>freshet zk</c> as people and scripts use it: a process, its output and its exit code.</summary>
public sealed class ZkCommandTests : IAsyncLifetime
{
    private FreshetNode? _node;

    public async ValueTask InitializeAsync() => _node = await FreshetNode.StartAsync(new FreshetNodeOptions { Broker = false }, cancellation: TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _node!.DisposeAsync();

    [Fact]
    public async Task A_script_does_line_by_line_what_zkCli_would()
    {
        ProgramRun run = await ShellAsync(
            "create /shop 'two words'", "get /shop", "set -s -v 0 /shop new", "create -s /shop/n- 1", "create -e /shop/mine", "create -c /box", "create -t 60000 /brief x",
            "ls /shop", "ls -R /shop", "getEphemerals /shop", "getAllChildrenNumber /shop", "setAcl /shop world:anyone:cdrwa,ip:127.0.0.1:r", "getAcl /shop",
            "addauth digest ann:secret", "whoami", "setquota -n 5 -B 1000 /shop", "listquota /shop", "delquota /shop", "delete /shop/mine", "deleteall /shop", "ls /");
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        string[] expected =
        [
            "Created /shop\n", "two words\n", "dataVersion = 1\n", "Created /shop/n-0000000000\n", "[mine, n-0000000000]\n", "/shop\n/shop/mine\n/shop/n-0000000000\n",
            "[/shop/mine]\n", "\n2\n", "'ip,'127.0.0.1\n: r\n", "digest: ann", "limits count 5, byteHardLimit 1,000\n", "Deleted 2 znodes\n", "[box, brief, zookeeper]\n",
        ];
        Assert.All(expected, text => Assert.Contains(text, run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_fails_is_told_on_standard_error_and_by_the_exit_code()
    {
        ProgramRun run = await ShellAsync("get /nowhere", "frobnicate", "set /only-a-path", "delete -v x /a", "get relative", "create '/open", "ls /");
        Assert.Equal(1, run.ExitCode);
        string[] expected =
        [
            "/nowhere: the znode does not exist", "no verb 'frobnicate'", "Something is missing. Write: set", "'x' behind -v is no number", "A path begins with '/'", "quote ' is not closed",
        ];
        Assert.All(expected, text => Assert.Contains(text, run.Errors, StringComparison.Ordinal));
        Assert.Equal("[zookeeper]\n", run.Output);
    }

    [Fact]
    public async Task One_verb_on_the_command_line_answers_in_json()
    {
        Assert.Equal(0, (await RunAsync("create", "/a", "hello")).ExitCode);
        ProgramRun run = await RunAsync("--json", "get", "-s", "/a");
        using JsonDocument answer = JsonDocument.Parse(run.Output);
        Assert.Equal("hello", answer.RootElement.GetProperty("text").GetString());
        Assert.Equal(5, answer.RootElement.GetProperty("stat").GetProperty("dataLength").GetInt32());
        Assert.Equal(1, (await RunAsync("--json", "get", "/b")).ExitCode);
    }

    [Fact]
    public async Task A_watch_on_the_command_line_waits_for_its_event()
    {
        Assert.Equal(0, (await RunAsync("create", "/watched", "1")).ExitCode);
        await using FreshetProcess waiting = FreshetProcess.Start("zk", "--server", _node!.CoordinationConnectString!, "get", "-w", "/watched");
        Assert.Equal("1", await waiting.LineAsync());
        Assert.Equal(0, (await RunAsync("set", "/watched", "2")).ExitCode);
        Assert.Equal("NodeDataChanged /watched", await waiting.LineAsync());
        Assert.Equal(0, await waiting.ExitAsync());
    }

    [Fact]
    public async Task A_persistent_watch_reports_every_change_until_it_is_interrupted()
    {
        await using FreshetProcess watching = FreshetProcess.Start("zk", "--server", _node!.CoordinationConnectString!, "addWatch", "/");
        Assert.Equal("watching /", await watching.LineAsync());
        Assert.Equal(0, (await ShellAsync("create /x 1", "create /x/y 1", "set /x/y 2", "delete /x/y")).ExitCode);
        foreach (string expected in new[] { "NodeCreated /x", "NodeCreated /x/y", "NodeDataChanged /x/y", "NodeDeleted /x/y" })
        {
            Assert.Equal(expected, await watching.LineAsync());
        }

        Assert.Equal(0, await watching.StopAsync("INT"));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        int port = FreshetProcess.FreePort();
        ProgramRun run = await ProgramRun.RunAsync(FreshetProcess.Program, ["zk", "--server", $"127.0.0.1:{port}", "--connect-timeout", "300", "ls", "/"], "");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"127.0.0.1:{port}", run.Errors, StringComparison.Ordinal);
    }

    private Task<ProgramRun> ShellAsync(params string[] lines) =>
        ProgramRun.RunAsync(FreshetProcess.Program, ["zk", "--server", _node!.CoordinationConnectString!], string.Join('\n', lines) + "\n");

    private Task<ProgramRun> RunAsync(params string[] words) =>
        ProgramRun.RunAsync(FreshetProcess.Program, ["zk", "--server", _node!.CoordinationConnectString!, .. words], "");
}
