using System.Diagnostics;
using System.Threading.Channels;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Coordination.Clients;

/// <summary>ZooKeeper's C library (zookeeper_mt), through its command-line client, against Freshet.</summary>
public sealed class CClientTests(FreshetCoordinationServer server) : IClassFixture<FreshetCoordinationServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_C_client_works_against_Freshet()
    {
        Assert.SkipWhen(Peers.ZooKeeperCShell is null, "ZooKeeper's C client is missing (Debian's zookeeper-bin): this test would create, read, watch and delete znodes with it.");
        string[] script =
        [
            "create /c", "set /c hello", "get /c", "create +s /c/n-", "create +s /c/n-", "create +e /c/brief", "create2 +t=60000 /c/ttl", "wexists /c", "set /c world",
            "ls /c", "sync /c", "delete /c/n-0000000001", "delete /c", "delete /nowhere", "delete /c/brief",
        ];
        HashSet<string> expected =
        [
            "Watcher SESSION_EVENT state = CONNECTED_STATE", "name = /c", "hello", "name = /c/n-0000000000", "name = /c/n-0000000001", "name = /c/brief", "name = /c/ttl",
            "Watcher CHANGED_EVENT state = CONNECTED_STATE for path /c", "/c: rc = -111", "/nowhere: rc = -101",
        ];
        using Process client = Process.Start(new ProcessStartInfo(Peers.ZooKeeperCShell!, [server.ConnectString])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            await client.StandardInput.WriteLineAsync(string.Join('\n', script));
            await client.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            // It answers when it hears from the server, so it must not be told to quit before.
            await FindAllAsync(client, expected);
            await client.StandardInput.WriteLineAsync("quit");
            using var deadline = new CancellationTokenSource(Patience);
            await client.WaitForExitAsync(deadline.Token);
            Assert.Equal(0, client.ExitCode);
        }
        finally
        {
            if (!client.HasExited)
            {
                client.Kill();
            }
        }
    }

    private static async Task FindAllAsync(Process client, HashSet<string> expected)
    {
        var lines = Channel.CreateUnbounded<string>();
        var all = new List<string>();
        client.OutputDataReceived += (_, line) => lines.Writer.TryWrite(line.Data ?? "");
        client.ErrorDataReceived += (_, line) => lines.Writer.TryWrite(line.Data ?? "");
        client.BeginOutputReadLine();
        client.BeginErrorReadLine();
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            while (expected.Count > 0)
            {
                string line = await lines.Reader.ReadAsync(deadline.Token);
                all.Add(line);
                expected.RemoveWhere(text => line.Contains(text, StringComparison.Ordinal));
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Not seen: {string.Join(" | ", expected)}\nin\n{string.Join('\n', all)}");
        }
    }
}
