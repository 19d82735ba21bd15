using System.Collections.Concurrent;
using System.Globalization;
using Freshet.Coordination.Client;
using Freshet.Tests.Support;

namespace Freshet.Faults.Tests.Coordination;

/// <summary>kill -9 of the coordination service under load: what it acknowledged is there afterwards, every time.</summary>
public sealed class KilledCoordinationTests : IDisposable
{
    private const int Kills = 20;
    private const int Writers = 8;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_acknowledged_write_survives_twenty_kills()
    {
        var acknowledged = new ConcurrentBag<(string Path, string Data)>();
        int port = FreshetProcess.FreePort();
        for (int kill = 0; kill < Kills; kill++)
        {
            await using FreshetProcess server = Start(port);
            string address = await server.ReadyAsync("coordination");
            int before = acknowledged.Count;
            using var enough = new SemaphoreSlim(0);
            Task[] writers = [.. Enumerable.Range(0, Writers).Select(writer => WriteUntilKilledAsync(address, $"/kill{kill}-{writer}", acknowledged, enough))];
            // The kill falls somewhere into the load: after a different number of acknowledged writes each time.
            for (int seen = 0; seen < 20 + (kill * 13); seen++)
            {
                Assert.True(await enough.WaitAsync(TimeSpan.FromSeconds(60)), "The server stopped acknowledging writes before it was killed.");
            }

            await server.KillAsync();
            await Task.WhenAll(writers);
            Assert.True(acknowledged.Count > before);
        }

        await using FreshetProcess last = Start(port);
        await AssertAllThereAsync(await last.ReadyAsync("coordination"), acknowledged);
    }

    private FreshetProcess Start(int port) =>
        FreshetProcess.Start("coordination", "--port", port.ToString(CultureInfo.InvariantCulture), "--data", _folder.Path);

    private static async Task WriteUntilKilledAsync(string address, string prefix, ConcurrentBag<(string, string)> acknowledged, SemaphoreSlim enough)
    {
        await using CoordinationClient client = await CoordinationClient.ConnectAsync(new CoordinationClientOptions { ConnectString = address });
        try
        {
            for (int i = 0; ; i++)
            {
                string path = await client.CreateAsync($"{prefix}-{i}", "created"u8.ToArray());
                await client.SetDataAsync(path, "set"u8.ToArray());
                acknowledged.Add((path, "set"));
                enough.Release();
            }
        }
        catch (CoordinationException)
        {
            // Killed; what was not acknowledged may or may not be there.
        }
    }

    private static async Task AssertAllThereAsync(string address, IReadOnlyCollection<(string Path, string Data)> acknowledged)
    {
        await using CoordinationClient client = await CoordinationClient.ConnectAsync(new CoordinationClientOptions { ConnectString = address });
        ZnodeData[] found = await Task.WhenAll(acknowledged.Select(write => client.GetDataAsync(write.Path).AsTask()));
        Assert.All(found.Zip(acknowledged), pair => Assert.Equal(pair.Second.Data, System.Text.Encoding.UTF8.GetString(pair.First.Data!)));
    }
}
