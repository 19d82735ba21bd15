using Freshet.Protocol.Jute;
using Freshet.Tests.Support;

namespace Freshet.Coordination.Tests.Wire;

public sealed class ContainerTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_container_goes_at_the_check_after_its_last_child_and_watchers_hear_of_it()
    {
        await using TestServer server = await TestServer.StartAsync(_folder);
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        await client.CallAsync(OpCode.CreateContainer, Bodies.Create("/c", CreateMode.Container));
        await client.CallAsync(OpCode.Create, Bodies.Create("/c/child"));
        await server.PassAsync(Minute, client);
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.Exists, Bodies.Read("/c")));
        await client.CallAsync(OpCode.Delete, Bodies.Delete("/c/child"));
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.Exists, Bodies.Read("/c", watch: true)));
        await server.PassAsync(Minute, client);
        Assert.Equal(new WatchEvent(WatchEventType.NodeDeleted, KeeperState.SyncConnected, "/c"), await client.NextEventAsync());
        Assert.Equal(ErrorCode.NoNode, await client.ErrorOfAsync(OpCode.Exists, Bodies.Read("/c")));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(90, false)]
    public async Task A_container_that_never_had_a_child_stays_unless_the_option_says_otherwise(int maxNeverUsedSeconds, bool stays)
    {
        await using TestServer server = await TestServer.StartAsync(_folder, options => options.MaxNeverUsedInterval = TimeSpan.FromSeconds(maxNeverUsedSeconds));
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        await client.CallAsync(OpCode.CreateContainer, Bodies.Create("/unused", CreateMode.Container));
        await server.PassAsync(Minute, client);
        Assert.Equal(ErrorCode.Ok, await AfterWritesAsync(client, "/unused"));
        await server.PassAsync(Minute, client);
        Assert.Equal(stays ? ErrorCode.Ok : ErrorCode.NoNode, await AfterWritesAsync(client, "/unused"));
    }

    [Fact]
    public async Task A_ttl_znode_goes_when_its_last_change_is_older_than_its_ttl_but_never_with_children()
    {
        await using TestServer server = await TestServer.StartAsync(_folder);
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        foreach (string path in new[] { "/idle", "/changed", "/parent" })
        {
            await client.CallAsync(OpCode.CreateTtl, Bodies.CreateTtl(path, 59_000));
        }

        await client.CallAsync(OpCode.Create, Bodies.Create("/parent/child"));
        await server.PassAsync(TimeSpan.FromSeconds(30), client);
        await client.CallAsync(OpCode.SetData, Bodies.SetData("/changed", "new"));
        await server.PassAsync(TimeSpan.FromSeconds(30), client);
        Assert.Equal(ErrorCode.NoNode, await AfterWritesAsync(client, "/idle"));
        Assert.Equal(ErrorCode.Ok, await AfterWritesAsync(client, "/changed"));
        Assert.Equal(ErrorCode.Ok, await AfterWritesAsync(client, "/parent"));
        await client.CallAsync(OpCode.Delete, Bodies.Delete("/parent/child"));
        await server.PassAsync(Minute, client);
        Assert.Equal(ErrorCode.NoNode, await AfterWritesAsync(client, "/changed"));
        Assert.Equal(ErrorCode.NoNode, await AfterWritesAsync(client, "/parent"));
    }

    [Fact]
    public async Task One_check_removes_no_more_than_allowed_and_the_next_goes_on_also_after_a_restart()
    {
        const int Containers = 250;
        await using (TestServer server = await TestServer.StartAsync(_folder, options => options.MaxContainerRemovalsPerMinute = 120))
        {
            using RawClient client = await RawClient.ConnectAsync(server.Address);
            for (int i = 0; i < Containers; i++)
            {
                await client.SendAsync(OpCode.CreateTtl, Bodies.CreateTtl($"/t{i}", 1));
            }

            for (int i = 0; i < Containers; i++)
            {
                Assert.Equal(ErrorCode.Ok, (await client.NextAsync()).Header.Error);
            }

            await server.PassAsync(Minute, client);
            Assert.Equal(Containers - 120, await CountAsync(client));
        }

        await using TestServer again = await TestServer.StartAsync(_folder);
        using RawClient other = await RawClient.ConnectAsync(again.Address);
        await again.PassAsync(2 * Minute, other);
        Assert.Equal(0, await CountAsync(other));
    }

    [Fact]
    public async Task Clients_cannot_ask_for_the_servers_own_removal()
    {
        await using TestServer server = await TestServer.StartAsync(_folder);
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        Assert.Equal(ErrorCode.Unimplemented, await client.ErrorOfAsync(OpCode.DeleteContainer, Bodies.Path("/zookeeper")));
    }

    /// <summary>Whether the path exists once everything proposed so far is applied: a read waits for the write before it.</summary>
    private static async Task<ErrorCode> AfterWritesAsync(RawClient client, string path)
    {
        await client.CallAsync(OpCode.SetData, Bodies.SetData("/zookeeper", ""));
        return await client.ErrorOfAsync(OpCode.Exists, Bodies.Read(path));
    }

    private static async Task<int> CountAsync(RawClient client)
    {
        // Slices take turns with requests, so a few round trips may lie between the check and its last removal.
        for (int i = 0; i < 10; i++)
        {
            await client.CallAsync(OpCode.SetData, Bodies.SetData("/zookeeper", ""));
        }

        (_, byte[] body) = await client.CallAsync(OpCode.GetChildren, Bodies.Read("/"));
        var reader = new JuteReader(body);
        return reader.ReadStrings().Count(name => name != "zookeeper");
    }
}
