using System.Globalization;
using System.Net;
using Freshet.Coordination.Client;

namespace Freshet.Node.Tests;

public class MetricsTests
{
    [Fact]
    public async Task Metrics_have_the_names_of_ZooKeeper_and_count_what_happens()
    {
        await using FreshetNode node = await StartAsync();
        Assert.Equal(4, (await ReadAsync(node.HttpAddress!))["znode_count"]);
        await using (CoordinationClient client = await CoordinationClient.ConnectAsync(new CoordinationClientOptions { ConnectString = node.CoordinationConnectString! }))
        {
            await client.CreateAsync("/a", new byte[1000]);
        }

        Dictionary<string, double> after = await ReadAsync(node.MetricsAddress!);
        Assert.Equal(5, after["znode_count"]);
        Assert.Equal(0, after["num_alive_connections"]);
        Assert.Equal(1, after["connection_request_count"]);
        Assert.True(after["bytes_received_count"] > 1000);
        Assert.Equal(2, after["updatelatency_count"]);
        Assert.True(after["updatelatency_sum"] >= after["min_updatelatency"]);
        Assert.True(after["open_file_descriptor_count"] is > 0 or -1);
    }

    [Fact]
    public async Task Each_node_of_a_process_tells_its_own_figures_only()
    {
        await using FreshetNode one = await StartAsync();
        await using FreshetNode other = await StartAsync();
        await using CoordinationClient client = await CoordinationClient.ConnectAsync(new CoordinationClientOptions { ConnectString = one.CoordinationConnectString! });
        Assert.Equal(1, (await ReadAsync(one.MetricsAddress!))["global_sessions"]);
        Assert.Equal(0, (await ReadAsync(other.MetricsAddress!))["global_sessions"]);
    }

    [Fact]
    public async Task The_port_of_the_metrics_serves_nothing_else()
    {
        await using FreshetNode node = await StartAsync();
        using var http = new HttpClient { BaseAddress = node.MetricsAddress };
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("health")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("commands/monitor")).StatusCode);
        using HttpResponseMessage metrics = await http.GetAsync("metrics");
        Assert.StartsWith("text/plain; version=0.0.4", metrics.Content.Headers.GetValues("Content-Type").Single(), StringComparison.Ordinal);
    }

    private static ValueTask<FreshetNode> StartAsync() =>
        FreshetNode.StartAsync(new FreshetNodeOptions { Broker = false, HttpPort = 0, MetricsPort = 0 });

    /// <summary>Reads as Prometheus does: every name has a type before its value, and comes once.</summary>
    private static async Task<Dictionary<string, double>> ReadAsync(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };
        string[] lines = (await http.GetStringAsync("metrics")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        HashSet<string> typed = [.. lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2])];
        Dictionary<string, double> values = lines.Where(line => line[0] != '#').Select(line => line.Split(' '))
            .ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture));
        Assert.Equal(typed, values.Keys.ToHashSet());
        return values;
    }
}
