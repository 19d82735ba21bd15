using Freshet.Coordination.Client;

namespace Freshet.Node.Tests;

/// <summary>The coordination service without any port, for programs that keep it to themselves.</summary>
public class InProcessCoordinationTests
{
    [Fact]
    public async Task Clients_of_the_process_need_no_port()
    {
        for (int round = 0; round < 20; round++)
        {
            FreshetNode node = await FreshetNode.StartAsync(new FreshetNodeOptions { Broker = false, CoordinationPort = null });
            Assert.Null(node.CoordinationConnectString);
            await using CoordinationClient writer = await ConnectAsync(node);
            await using CoordinationClient reader = await ConnectAsync(node);
            using var watch = new ZnodeWatch();
            Assert.Null(await reader.ExistsAsync("/a", watch));
            await writer.CreateAsync("/a", "1"u8.ToArray());
            Assert.Equal("/a", (await watch.Fired).Path);
            await writer.DisposeAsync();
            Assert.Equal("1"u8.ToArray(), (await reader.GetDataAsync("/a")).Data);
            await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_session_that_is_left_ends_with_the_node()
    {
        FreshetNode node = await FreshetNode.StartAsync(new FreshetNodeOptions
        {
            Broker = false,
            CoordinationPort = null,
            ConfigureCoordination = server => server.TickTime = TimeSpan.FromMilliseconds(100),
        });
        await using CoordinationClient client = await ConnectAsync(node);
        await node.DisposeAsync();
        await Assert.ThrowsAsync<CoordinationException>(async () => await client.CreateAsync("/a", cancellation: new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token));
    }

    private static ValueTask<CoordinationClient> ConnectAsync(FreshetNode node) =>
        CoordinationClient.ConnectAsync(new CoordinationClientOptions { Transport = node.CoordinationTransport, ConnectTimeout = TimeSpan.FromSeconds(1), SessionTimeout = TimeSpan.FromSeconds(1) });
}
