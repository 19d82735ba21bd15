using Freshet.Node;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Tests.Wire;

/// <summary>Watches by their kinds, and who hears of what.</summary>
public sealed class WatchTests : IAsyncLifetime
{
    private FreshetNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await FreshetNode.StartAsync(new FreshetNodeOptions { Broker = false });

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    /// <summary>The kinds on the wire: 1 children, 2 data, 3 any, 4 persistent, 5 persistent recursive.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_watch_is_found_and_removed_by_its_kind(int kind)
    {
        using RawClient client = await ConnectAsync();
        foreach (int other in new[] { 1, 2, 4, 5 })
        {
            await WatchAsync(client, other);
        }

        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.CheckWatches, Bodies.Delete("/", kind)));
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.RemoveWatches, Bodies.Delete("/", kind)));
        Assert.Equal(ErrorCode.NoWatcher, await client.ErrorOfAsync(OpCode.CheckWatches, Bodies.Delete("/", kind)));
        Assert.Equal(ErrorCode.NoWatcher, await client.ErrorOfAsync(OpCode.RemoveWatches, Bodies.Delete("/", kind)));
        Assert.Equal(ErrorCode.NoWatcher, await client.ErrorOfAsync(OpCode.CheckWatches, Bodies.Delete("/elsewhere", 3)));
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.RemoveWatches, Bodies.Delete("/", 3)));
        Assert.Equal(ErrorCode.NoWatcher, await client.ErrorOfAsync(OpCode.RemoveWatches, Bodies.Delete("/", 3)));
        await client.CallAsync(OpCode.SetData, Bodies.SetData("/", "nobody hears of this"));
    }

    [Fact]
    public async Task A_kind_that_there_is_not_is_no_watch()
    {
        using RawClient client = await ConnectAsync();
        Assert.Equal(ErrorCode.MarshallingError, await client.ErrorOfAsync(OpCode.AddWatch, Bodies.Delete("/", 9)));
        Assert.Equal(ErrorCode.NoWatcher, await client.ErrorOfAsync(OpCode.CheckWatches, Bodies.Delete("/", 9)));
    }

    [Fact]
    public async Task Events_go_to_those_who_may_read_what_changed()
    {
        using RawClient stranger = await ConnectAsync();
        using RawClient owner = await ConnectAsync();
        await owner.CallAsync(OpCode.Auth, Bodies.Auth("digest", "ann:secret"), ReservedXid.Auth);
        foreach (RawClient client in new[] { stranger, owner })
        {
            await client.CallAsync(OpCode.AddWatch, Bodies.Delete("/", 1));
            await client.CallAsync(OpCode.Exists, Bodies.Read("/hers", watch: true));
        }

        using RawClient writer = await ConnectAsync();
        await writer.CallAsync(OpCode.Auth, Bodies.Auth("digest", "ann:secret"), ReservedXid.Auth);
        await writer.CallAsync(OpCode.Create, Bodies.Create("/hers", acl: [new Acl(AclPermissions.All, "auth", "")]));
        await writer.CallAsync(OpCode.SetData, Bodies.SetData("/hers", "new"));
        await writer.CallAsync(OpCode.Create, Bodies.Create("/hers/child"));
        await writer.CallAsync(OpCode.Delete, Bodies.Delete("/hers/child"));
        await writer.CallAsync(OpCode.Delete, Bodies.Delete("/hers"));
        await writer.CallAsync(OpCode.Create, Bodies.Create("/everyones"));

        Assert.Equal(
            ["NodeCreated /hers", "NodeDataChanged /hers", "NodeCreated /hers/child", "NodeDeleted /hers/child", "NodeDeleted /hers", "NodeCreated /everyones"],
            await EventsAsync(owner, until: "/everyones"));
        Assert.Equal(["NodeCreated /hers/child", "NodeDeleted /hers/child", "NodeCreated /everyones"], await EventsAsync(stranger, until: "/everyones"));
    }

    [Fact]
    public async Task Ephemeral_znodes_of_a_session_go_under_one_zxid()
    {
        using RawClient watching = await ConnectAsync();
        await watching.CallAsync(OpCode.AddWatch, Bodies.Delete("/", 1));
        using RawClient leaving = await ConnectAsync();
        for (int number = 0; number < 5; number++)
        {
            await leaving.CallAsync(OpCode.Create, Bodies.Create($"/e{number}", CreateMode.Ephemeral));
            await watching.NextEventAsync();
        }

        long zxid = (await leaving.CallAsync(OpCode.CloseSession, Bodies.None)).Header.Zxid;
        for (int number = 0; number < 5; number++)
        {
            Assert.Equal(zxid, (await watching.NextAsync()).Header.Zxid);
        }
    }

    private static async Task WatchAsync(RawClient client, int kind) => Assert.Equal(ErrorCode.Ok, kind switch
    {
        1 => await client.ErrorOfAsync(OpCode.GetChildren, Bodies.Read("/", watch: true)),
        2 => await client.ErrorOfAsync(OpCode.GetData, Bodies.Read("/", watch: true)),
        4 => await client.ErrorOfAsync(OpCode.AddWatch, Bodies.Delete("/", 0)),
        _ => await client.ErrorOfAsync(OpCode.AddWatch, Bodies.Delete("/", 1)),
    });

    private static async Task<List<string>> EventsAsync(RawClient client, string until)
    {
        List<string> events = [];
        string path;
        do
        {
            WatchEvent one = await client.NextEventAsync();
            path = one.Path;
            events.Add($"{one.Type} {one.Path}");
        }
        while (path != until);

        return events;
    }

    private Task<RawClient> ConnectAsync() => RawClient.ConnectAsync(_node.CoordinationConnectString!);
}
