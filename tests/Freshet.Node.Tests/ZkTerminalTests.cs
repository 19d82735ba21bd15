using System.Diagnostics;
using System.Text;
using Freshet.Tests.Support;

namespace Freshet.Node.Tests;

/// <summary><c>freshet zk</c> at a terminal, which <c>script</c> of util-linux provides.</summary>
public sealed class ZkTerminalTests : IAsyncLifetime
{
    private const string Tab = "\t";
    private const string Enter = "\r";
    private const string Up = "\x1b[A";
    private const string Left = "\x1b[D";

    private FreshetNode _node = null!;
    private Process _shell = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Peers.Terminal is null, "script is missing: this test would use the shell at a terminal.");
        _node = await FreshetNode.StartAsync(new FreshetNodeOptions { Broker = false });
        string command = $"stty cols 200; TERM=xterm '{FreshetProcess.Program}' zk --server {_node.CoordinationConnectString}";
        _shell = Process.Start(new ProcessStartInfo(Peers.Terminal!, ["-qec", command, "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await ShowsAsync("> ");
    }

    public async ValueTask DisposeAsync()
    {
        if (_shell is not null)
        {
            _shell.Kill(entireProcessTree: true);
            _shell.Dispose();
            await _node.DisposeAsync();
        }
    }

    [Fact]
    public async Task Verbs_and_paths_are_completed_and_lines_come_back()
    {
        await TypeAsync("create /shop open" + Enter, "Created /shop");
        await TypeAsync("create /shed shut" + Enter, "Created /shed");
        await TypeAsync("getA" + Tab, "getA");
        await TypeAsync("c" + Tab + "/sho" + Tab + Enter, "'world,'anyone");
        await TypeAsync("ls /s" + Tab + Tab, "/shed  /shop");
        await TypeAsync("op" + Enter, "[]");
        await TypeAsync(Up + Up + Enter, "'world,'anyone");
        await TypeAsync("get /shoX" + Left + "p\x1b[3~" + Enter, "open");
        await TypeAsync("history" + Enter, "4 - getAcl /shop");
        await TypeAsync("quit" + Enter, "");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _shell.WaitForExitAsync(deadline.Token);
        Assert.Equal(0, _shell.ExitCode);
    }

    private async Task TypeAsync(string keys, string shown)
    {
        await _shell.StandardInput.WriteAsync(keys);
        await _shell.StandardInput.FlushAsync();
        await ShowsAsync(shown);
    }

    /// <summary>Waits until the terminal has shown a text since the last time.</summary>
    private async Task ShowsAsync(string text)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var seen = new StringBuilder();
        var buffer = new char[1024];
        while (!seen.ToString().Contains(text, StringComparison.Ordinal))
        {
            int read = await _shell.StandardOutput.ReadAsync(buffer, deadline.Token);
            Assert.True(read > 0, $"The shell ended without showing '{text}', after: {seen}");
            seen.Append(buffer, 0, read);
        }
    }
}
