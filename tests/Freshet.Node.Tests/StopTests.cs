using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Freshet.Coordination.Client;
using Freshet.Protocol.Jute;
using Freshet.Tests.Support;

namespace Freshet.Node.Tests;

/// <summary>Not beside other tests: it counts what the process has open.</summary>
[CollectionDefinition(nameof(StopTests), DisableParallelization = true)]
[Collection(nameof(StopTests))]
public sealed class StopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_stop_under_load_ends_every_request_and_keeps_what_was_answered()
    {
        List<string> acknowledged = [];
        await using (var server = FreshetProcess.Start("coordination", "--data", _folder.Path, "--port", "0"))
        {
            string address = await server.ReadyAsync("coordination");
            var loaded = new TaskCompletionSource();
            Task<List<string>>[] clients = [.. Enumerable.Range(0, 8).Select(client => WriteUntilClosedAsync(address, client, loaded))];
            await loaded.Task;
            Assert.Equal(0, await server.StopAsync());
            foreach (List<string> paths in await Task.WhenAll(clients).WaitAsync(TimeSpan.FromSeconds(30)))
            {
                acknowledged.AddRange(paths);
            }
        }

        await using var again = FreshetProcess.Start("coordination", "--data", _folder.Path, "--port", "0");
        await using CoordinationClient reader = await ConnectAsync(await again.ReadyAsync("coordination"));
        Assert.True(acknowledged.Count >= 100);
        foreach (string path in acknowledged)
        {
            Assert.NotNull(await reader.ExistsAsync(path));
        }
    }

    [Fact]
    public async Task Many_nodes_in_one_process_leave_nothing_behind()
    {
        await StartUseAndStopAsync();
        int sockets = Count("socket:");
        List<int> ports = [];
        for (int i = 0; i < 20; i++)
        {
            ports.Add(await StartUseAndStopAsync());
        }

        Assert.Equal(0, Count("freshet-"));
        Assert.True(Count("socket:") <= sockets, "Sockets are left open.");
        Assert.DoesNotContain(ThreadNames(), name => name.StartsWith("freshet", StringComparison.Ordinal));
        foreach (int port in ports)
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
        }
    }

    [Fact]
    public async Task A_log_for_machines_has_the_fields_of_its_messages()
    {
        await using var server = FreshetProcess.Start(
            "coordination", "--data", _folder.Path, "--port", "0", "--log-level", "information", "--log-format", "json");
        await server.ReadyAsync("coordination");
        Assert.Equal(0, await server.StopAsync());
        string recovered = (await server.ErrorsAsync()).Split('\n').First(line => line.Contains("Recovered", StringComparison.Ordinal));
        JsonElement state = JsonDocument.Parse(recovered).RootElement.GetProperty("State");
        Assert.Equal(4, state.GetProperty("Znodes").GetInt32());
    }

    public void Dispose() => _folder.Dispose();

    private static ValueTask<CoordinationClient> ConnectAsync(string address) =>
        CoordinationClient.ConnectAsync(new CoordinationClientOptions { ConnectString = address });

    private static async Task<List<string>> WriteUntilClosedAsync(string address, int number, TaskCompletionSource loaded)
    {
        const int Load = 100;
        List<string> acknowledged = [];
        await using CoordinationClient client = await ConnectAsync(address);
        try
        {
            while (true)
            {
                acknowledged.Add(await client.CreateAsync($"/{number}-", mode: CreateMode.PersistentSequential));
                if (acknowledged.Count == Load)
                {
                    loaded.TrySetResult();
                }
            }
        }
        catch (CoordinationException)
        {
            return acknowledged;
        }
    }

    private static async Task<int> StartUseAndStopAsync()
    {
        await using FreshetNode node = await FreshetNode.StartAsync(new FreshetNodeOptions { Broker = false, HttpPort = 0 });
        await using CoordinationClient client = await ConnectAsync(node.CoordinationConnectString!);
        await client.CreateAsync("/a");
        return IPEndPoint.Parse(node.CoordinationConnectString!).Port;
    }

    /// <summary>How many open files have the text in their name. None where there is no such list.</summary>
    private static int Count(string text) => !Directory.Exists("/proc/self/fd") ? 0 : Directory.EnumerateFileSystemEntries("/proc/self/fd")
        .Count(descriptor => new FileInfo(descriptor).LinkTarget?.Contains(text, StringComparison.Ordinal) == true);

    private static IEnumerable<string> ThreadNames() => !Directory.Exists("/proc/self/task") ? [] : Directory.EnumerateDirectories("/proc/self/task")
        .Select(thread => Path.Combine(thread, "comm")).Where(File.Exists).Select(File.ReadAllText);
}
