using Freshet.Coordination.Client;
using Freshet.Protocol.Jute;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Coordination;

/// <summary>Watches that stay, with any ZooKeeper-compatible server.</summary>
public abstract class PersistentWatchConformance : ConformanceCase
{
    private static readonly (WatchEventType, string) ReadAgain = (WatchEventType.None, "");

    [Fact]
    public async Task A_recursive_watch_tells_everything_below_in_order()
    {
        CoordinationClient client = await ConnectAsync();
        await using IAsyncEnumerator<WatchEvent> events = client.WatchEventsAsync(Root, AddWatchMode.PersistentRecursive).GetAsyncEnumerator();
        Assert.Equal([ReadAgain], await TakeAsync(events, 1));
        await client.CreateAsync(Root);
        await client.CreateAsync(At("a"));
        await client.CreateAsync(At("a/b"));
        await client.SetDataAsync(At("a/b"), default);
        await client.CreateAsync($"{Root}-beside");
        await client.DeleteAsync(At("a/b"));
        await client.DeleteAsync(At("a"));
        Assert.Equal(
            [
                (WatchEventType.NodeCreated, ""), (WatchEventType.NodeCreated, "/a"), (WatchEventType.NodeCreated, "/a/b"),
                (WatchEventType.NodeDataChanged, "/a/b"), (WatchEventType.NodeDeleted, "/a/b"), (WatchEventType.NodeDeleted, "/a"),
            ],
            await TakeAsync(events, 6));
    }

    [Fact]
    public async Task A_persistent_watch_tells_of_its_znode_and_its_children_only()
    {
        CoordinationClient client = await ConnectAsync();
        CoordinationClient writer = await ConnectAsync();
        await using IAsyncEnumerator<WatchEvent> events = client.WatchEventsAsync(Root, AddWatchMode.Persistent).GetAsyncEnumerator();
        Assert.Equal([ReadAgain], await TakeAsync(events, 1));
        await writer.CreateAsync(Root);
        await writer.CreateAsync(At("a"));
        await writer.SetDataAsync(At("a"), default);
        await writer.CreateAsync(At("a/b"));
        await writer.SetDataAsync(Root, default);
        await writer.SetDataAsync(Root, default);
        Assert.Equal(
            [
                (WatchEventType.NodeCreated, ""), (WatchEventType.NodeChildrenChanged, ""),
                (WatchEventType.NodeDataChanged, ""), (WatchEventType.NodeDataChanged, ""),
            ],
            await TakeAsync(events, 4));
    }

    [Fact]
    public async Task Two_readers_share_a_watch_and_the_second_keeps_it_when_the_first_leaves()
    {
        CoordinationClient client = await ConnectAsync();
        IAsyncEnumerator<WatchEvent> first = client.WatchEventsAsync(Root, AddWatchMode.PersistentRecursive).GetAsyncEnumerator();
        await using IAsyncEnumerator<WatchEvent> second = client.WatchEventsAsync(Root, AddWatchMode.PersistentRecursive).GetAsyncEnumerator();
        await TakeAsync(first, 1);
        await TakeAsync(second, 1);
        await client.CreateAsync(Root);
        Assert.Equal([(WatchEventType.NodeCreated, "")], await TakeAsync(first, 1));
        await first.DisposeAsync();
        await client.DeleteAsync(Root);
        Assert.Equal([(WatchEventType.NodeCreated, ""), (WatchEventType.NodeDeleted, "")], await TakeAsync(second, 2));
    }

    /// <summary>Whether the server tells what a persistent watch missed.</summary>
    protected abstract bool Replays { get; }

    [Fact]
    public async Task A_watch_set_again_tells_what_it_missed_or_that_events_may_be_missing()
    {
        await using var proxy = new TcpProxy(ConnectString);
        CoordinationClient client = await ConnectAsync(proxy.Address);
        CoordinationClient writer = await ConnectAsync();
        using var oneShot = new ZnodeWatch();
        await using IAsyncEnumerator<WatchEvent> below = client.WatchEventsAsync(Root, AddWatchMode.PersistentRecursive).GetAsyncEnumerator();
        await using IAsyncEnumerator<WatchEvent> single = client.WatchEventsAsync(Root, AddWatchMode.Persistent).GetAsyncEnumerator();
        await TakeAsync(below, 1);
        await TakeAsync(single, 1);
        await client.ExistsAsync(Root, oneShot);
        for (int i = 0; i < 5; i++)
        {
            proxy.Refuse();
            await StateAsync(client, ConnectionState.Connecting);
            await writer.CreateAsync($"{Root}-{i}");
            (WatchEventType, string)[] missed = Replays && i == 4 ? [(WatchEventType.NodeCreated, "")] : Replays ? [] : [ReadAgain];
            if (i == 4)
            {
                await writer.CreateAsync(Root);
            }

            proxy.Allow();
            Assert.Equal(missed, await TakeAsync(below, missed.Length));
            Assert.Equal(missed, await TakeAsync(single, missed.Length));
        }

        await writer.DeleteAsync(Root);
        Assert.Equal([(WatchEventType.NodeDeleted, "")], await TakeAsync(below, 1));
        Assert.Equal([(WatchEventType.NodeDeleted, "")], await TakeAsync(single, 1));
        Assert.Equal(WatchEventType.NodeCreated, (await oneShot.Fired.WaitAsync(Patience)).Type);
    }

    [Fact]
    public async Task A_watch_asked_for_without_a_connection_is_set_when_there_is_one()
    {
        await using var proxy = new TcpProxy(ConnectString);
        CoordinationClient client = await ConnectAsync(proxy.Address);
        proxy.Freeze();
        await using IAsyncEnumerator<WatchEvent> events = client.WatchEventsAsync(Root, AddWatchMode.PersistentRecursive).GetAsyncEnumerator();
        Task<List<(WatchEventType, string)>> first = TakeAsync(events, 1);
        await proxy.Swallowed.WaitAsync(Patience);
        proxy.Cut();
        Assert.Equal([ReadAgain], await first);
        await (await ConnectAsync()).CreateAsync(Root);
        Assert.Equal([(WatchEventType.NodeCreated, "")], await TakeAsync(events, 1));
    }

    [Fact]
    public async Task A_reader_that_falls_behind_is_told_to_read_again()
    {
        CoordinationClient client = await ConnectAsync();
        await client.CreateAsync(Root);
        await using IAsyncEnumerator<WatchEvent> events = client.WatchEventsAsync(Root, AddWatchMode.Persistent).GetAsyncEnumerator();
        await TakeAsync(events, 1);
        for (int batch = 0; batch < 11; batch++)
        {
            await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => client.SetDataAsync(Root, default).AsTask()));
        }

        Assert.Equal([ReadAgain], await TakeAsync(events, 1));
        Assert.Equal((WatchEventType.NodeDataChanged, ""), (await TakeAsync(events, 1)).Single());
    }

    [Fact]
    public async Task A_watch_ends_with_its_session()
    {
        CoordinationClient client = await ConnectAsync();
        await using IAsyncEnumerator<WatchEvent> events = client.WatchEventsAsync(Root, AddWatchMode.PersistentRecursive).GetAsyncEnumerator();
        await TakeAsync(events, 1);
        Task<List<(WatchEventType, string)>> next = TakeAsync(events, 1);
        await client.DisposeAsync();
        Assert.Equal(ErrorCode.SessionExpired, await RefusalAsync(() => next));
    }

    /// <summary>The next events, their paths cut down to what is below <see cref="ConformanceCase.Root"/>.</summary>
    private async Task<List<(WatchEventType Type, string Path)>> TakeAsync(IAsyncEnumerator<WatchEvent> events, int count)
    {
        var taken = new List<(WatchEventType, string)>();
        while (taken.Count < count && await events.MoveNextAsync().AsTask().WaitAsync(Patience))
        {
            Assert.StartsWith(Root, events.Current.Path, StringComparison.Ordinal);
            taken.Add((events.Current.Type, events.Current.Path[Root.Length..]));
        }

        return taken;
    }
}
