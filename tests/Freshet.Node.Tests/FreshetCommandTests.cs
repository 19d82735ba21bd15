using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Freshet.Tests.Support;

namespace Freshet.Node.Tests;

public class FreshetCommandTests
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_node_says_when_it_is_ready_and_stops_cleanly_on(string signal)
    {
        using var folder = new TemporaryFolder();
        await using var node = FreshetProcess.Start("node", "--data", folder.Path, "--coordination-port", "0", "--kafka-port", "0", "--http-port", "0");
        await AssertListeningAsync(await node.ReadyAsync("coordination"));
        await AssertListeningAsync(await node.ReadyAsync("broker"));
        await AssertListeningAsync(new Uri(await node.ReadyAsync("http")).Authority);
        Assert.Equal(0, await node.StopAsync(signal));
    }

    [Fact]
    public async Task The_health_page_names_the_services()
    {
        await using var node = FreshetProcess.Start("node", "--ephemeral", "--coordination-port", "0", "--kafka-port", "0", "--http-port", "0");
        string kafka = await node.ReadyAsync("broker");
        using var http = new HttpClient { BaseAddress = new Uri(await node.ReadyAsync("http")) };
        JsonElement health = await http.GetFromJsonAsync<JsonElement>("health");
        Assert.Equal("ok", health.GetProperty("status").GetString());
        Assert.Equal(kafka, health.GetProperty("kafka").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("elsewhere")).StatusCode);
    }

    [Fact]
    public async Task Ephemeral_data_is_gone_after_the_stop()
    {
        using var folder = new TemporaryFolder();
        await using var node = FreshetProcess.Start(
            "node", "--data", folder.Path, "--ephemeral", "--coordination-port", "0", "--kafka-port", "0", "--http-port", "0");
        await node.ReadyAsync("http");
        Assert.NotEmpty(Directory.EnumerateFileSystemEntries(folder.Path));
        Assert.Equal(0, await node.StopAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Data_in_use_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        await using var first = FreshetProcess.Start("coordination", "--data", folder.Path, "--port", "0");
        await first.ReadyAsync("coordination");
        string[][] others = [["coordination", "--data", folder.Path, "--port", "0"], ["export", "--data", folder.Path, "--to", Path.Combine(folder.Path, "apache")]];
        foreach (string[] arguments in others)
        {
            await using var second = FreshetProcess.Start(arguments);
            Assert.Equal(1, await second.ExitAsync());
            Assert.Contains("in use by another server", await second.ErrorsAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(0, await first.StopAsync());
        await using var export = FreshetProcess.Start(others[1]);
        Assert.Equal(0, await export.ExitAsync());
    }

    [Fact]
    public async Task A_taken_port_is_named_in_the_error()
    {
        using var folder = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var coordination = FreshetProcess.Start("coordination", "--data", folder.Path, "--port", $"{port}");
        Assert.Equal(1, await coordination.ExitAsync());
        Assert.Contains($"{port}", await coordination.ErrorsAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("node")]
    [InlineData("coordination")]
    [InlineData("broker", "--data", "x", "--port", "70000")]
    [InlineData("coordination", "--data", "x", "--address", "here")]
    [InlineData("node", "--ephemeral", "--client-telemetry", "collector")]
    public async Task Bad_arguments_are_refused(params string[] arguments)
    {
        await using var command = FreshetProcess.Start(arguments);
        Assert.Equal(1, await command.ExitAsync());
        Assert.NotEmpty(await command.ErrorsAsync());
    }

    private static async Task AssertListeningAsync(string address)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(address));
        Assert.True(client.Connected);
    }
}
