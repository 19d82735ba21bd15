using System.Text;
using Freshet.Coordination.Client;
using Freshet.Coordination.Client.Recipes;
using Freshet.Protocol.Jute;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Coordination.Recipes;

/// <summary>Groups and the service directory, on any ZooKeeper-compatible server.</summary>
public abstract class GroupConformance : ConformanceCase
{
    [Fact]
    public async Task Everyone_sees_who_joins_and_leaves()
    {
        var joining = new CoordinationGroup(await ConnectAsync(), Root);
        CoordinationClient second = await ConnectAsync();
        await using IAsyncEnumerator<GroupChange> changes = new CoordinationGroup(await ConnectAsync(), Root).WatchAsync().GetAsyncEnumerator();
        Assert.Equal(("", "", ""), await NextAsync(changes));
        Membership ann = await joining.JoinAsync("ann"u8.ToArray());
        Assert.Equal(("ann", "ann", ""), await NextAsync(changes));
        Membership bob = await new CoordinationGroup(second, Root).JoinAsync("bob"u8.ToArray());
        Assert.Equal(("ann bob", "bob", ""), await NextAsync(changes));
        await ann.DisposeAsync();
        Assert.Equal(("bob", "", "ann"), await NextAsync(changes));
        Assert.Equal([bob.Id], (await joining.GetMembersAsync()).Select(member => member.Id));
        await second.DisposeAsync();
        Assert.Equal(("", "", "bob"), await NextAsync(changes));
        await CancelledAsync(bob.Lost);
    }

    [Fact]
    public async Task A_member_whose_session_expires_is_gone_and_knows_it()
    {
        await using var proxy = new TcpProxy(ConnectString);
        CoordinationClient dying = await ConnectAsync(proxy.Address, TimeSpan.FromSeconds(1));
        CoordinationClient observer = await ConnectAsync();
        await using Membership member = await new CoordinationGroup(dying, Root).JoinAsync("dying"u8.ToArray());
        proxy.Refuse();
        await CancelledAsync(member.Lost);
        await ChildrenAsync(observer, names => names.Count == 0);
        proxy.Allow();
        await StateAsync(dying, ConnectionState.Expired);
    }

    [Fact]
    public async Task Joining_through_lost_connections_makes_one_member_each()
    {
        await using var proxy = new TcpProxy(ConnectString);
        var memberships = new List<Membership>();
        await using (new Cutting(proxy))
        {
            CoordinationClient unlucky = await ConnectAsync(proxy.Address);
            var group = new CoordinationGroup(unlucky, Root);
            for (int i = 0; i < 100; i++)
            {
                memberships.Add(await group.JoinAsync(Encoding.ASCII.GetBytes($"{i}")));
            }
        }

        CoordinationClient observer = await ConnectAsync();
        IReadOnlyList<GroupMember> members = await new CoordinationGroup(observer, Root).GetMembersAsync();
        Assert.Equal(memberships.Select(member => member.Id), members.Select(member => member.Id));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), members.Select(member => Encoding.ASCII.GetString(member.Data.Span)));
        await Task.WhenAll(memberships.Select(member => member.DisposeAsync().AsTask()));
        await ChildrenAsync(observer, names => names.Count == 0);
    }

    [Fact]
    public async Task A_cancelled_join_leaves_no_member()
    {
        await using var proxy = new TcpProxy(ConnectString);
        CoordinationClient client = await ConnectAsync(proxy.Address);
        CoordinationClient observer = await ConnectAsync();
        await observer.CreateAsync(Root);
        await using IAsyncEnumerator<WatchEvent> events = observer.WatchEventsAsync(Root, AddWatchMode.PersistentRecursive).GetAsyncEnumerator();
        Assert.Equal(WatchEventType.None, await NextAsync());
        proxy.Freeze();
        using var impatience = new CancellationTokenSource();
        Task<Membership> joining = new CoordinationGroup(client, Root).JoinAsync(default, impatience.Token).AsTask();
        await proxy.Swallowed.WaitAsync(Patience);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => joining);
        proxy.Cut();
        // The join goes on behind the cancelled call, and undoes itself.
        Assert.Equal(WatchEventType.NodeCreated, await NextAsync());
        Assert.Equal(WatchEventType.NodeDeleted, await NextAsync());

        async Task<WatchEventType> NextAsync()
        {
            Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Patience));
            return events.Current.Type;
        }
    }

    [Fact]
    public async Task A_service_is_found_by_its_name_and_followed()
    {
        var instance = new ServiceInstance("http://10.0.0.5:8080", new Dictionary<string, string> { ["zone"] = "a" });
        CoordinationClient client = await ConnectAsync();
        var running = new ServiceDirectory(await ConnectAsync(), Root);
        var calling = new ServiceDirectory(client, Root);
        Assert.Empty(await calling.GetServicesAsync());
        Assert.Empty(await calling.ResolveAsync("shop"));
        await using IAsyncEnumerator<IReadOnlyList<ServiceInstance>> changes = calling.WatchAsync("shop").GetAsyncEnumerator();
        Assert.True(await changes.MoveNextAsync().AsTask().WaitAsync(Patience));
        Assert.Empty(changes.Current);
        Membership registration = await running.RegisterAsync("shop", instance);
        Assert.True(await changes.MoveNextAsync().AsTask().WaitAsync(Patience));
        ServiceInstance found = Assert.Single(changes.Current);
        Assert.Equal((instance.Address, "a"), (found.Address, found.Tags!["zone"]));
        await using Membership broken = await new CoordinationGroup(client, At("shop")).JoinAsync("{ no json"u8.ToArray());
        await client.SyncAsync(Root);
        Assert.Equal(instance.Address, Assert.Single(await calling.ResolveAsync("shop")).Address);
        await registration.DisposeAsync();
        await ChildrenAsync(client, names => names.Count == 1, At("shop"));
        Assert.Empty(await calling.ResolveAsync("shop"));
        Assert.Equal(["shop"], await calling.GetServicesAsync());
        await Assert.ThrowsAsync<ArgumentException>(async () => await calling.ResolveAsync("a/b"));
    }

    private static async Task<(string Members, string Joined, string Left)> NextAsync(IAsyncEnumerator<GroupChange> changes)
    {
        Assert.True(await changes.MoveNextAsync().AsTask().WaitAsync(Patience));
        return (Names(changes.Current.Members), Names(changes.Current.Joined), Names(changes.Current.Left));

        static string Names(IReadOnlyList<GroupMember> members) => string.Join(' ', members.Select(member => Encoding.ASCII.GetString(member.Data.Span)));
    }
}
