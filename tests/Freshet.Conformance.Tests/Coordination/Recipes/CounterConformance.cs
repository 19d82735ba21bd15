using System.Collections.Concurrent;
using Freshet.Coordination.Client;
using Freshet.Coordination.Client.Recipes;
using Freshet.Protocol.Jute;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Coordination.Recipes;

/// <summary>Shared counters and unique ids, on any ZooKeeper-compatible server.</summary>
public abstract class CounterConformance : ConformanceCase
{
    [Fact]
    public async Task Every_addition_counts_once_through_lost_connections()
    {
        const int Adders = 4, Additions = 25;
        await using var proxy = new TcpProxy(ConnectString);
        var seen = new ConcurrentBag<long>();
        await using (new Cutting(proxy))
        {
            await Task.WhenAll(Enumerable.Range(0, Adders).Select(_ => AddAsync())).WaitAsync(Patience);
        }

        Assert.Equal(Enumerable.Range(1, Adders * Additions).Select(value => (long)value), seen.Order());
        CoordinationClient observer = await ConnectAsync();
        await observer.SyncAsync(Root);
        await using var counter = new SharedCounter(observer, Root);
        Assert.Equal(Adders * Additions, await counter.GetAsync());
        await ChildrenAsync(observer, names => names.Count == 0);

        async Task AddAsync()
        {
            await using var counter = new SharedCounter(await ConnectAsync(proxy.Address), Root);
            for (int i = 0; i < Additions; i++)
            {
                seen.Add(await counter.AddAsync(1));
            }
        }
    }

    [Fact]
    public async Task A_counter_goes_up_and_down_and_refuses_to_overflow()
    {
        CoordinationClient client = await ConnectAsync();
        await using var counter = new SharedCounter(client, Root);
        Assert.Equal(0, await counter.GetAsync());
        Assert.Equal(5, await counter.AddAsync(5));
        Assert.Equal(-2, await counter.AddAsync(-7));
        Assert.Equal(-2, await counter.GetAsync());
        Assert.Equal("-2"u8.ToArray(), (await client.GetDataAsync(Root)).Data);
        Assert.Equal(long.MinValue, await counter.AddAsync(long.MinValue + 2));
        await Assert.ThrowsAsync<OverflowException>(async () => await counter.AddAsync(-1));
        await client.SetDataAsync(Root, "many"u8.ToArray());
        await Assert.ThrowsAsync<FormatException>(async () => await counter.AddAsync(1));
    }

    [Fact]
    public async Task An_ended_session_adds_nothing_more()
    {
        CoordinationClient client = await ConnectAsync();
        await using var counter = new SharedCounter(client, Root);
        await counter.AddAsync(1);
        await client.DisposeAsync();
        Assert.Equal(ErrorCode.SessionExpired, await RefusalAsync(() => counter.AddAsync(1).AsTask()));
        await using var other = new SharedCounter(await ConnectAsync(), Root);
        Assert.Equal(2, await other.AddAsync(1));
    }

    [Fact]
    public async Task No_id_is_given_out_twice()
    {
        await using var proxy = new TcpProxy(ConnectString);
        var given = new ConcurrentBag<long>();
        await using (new Cutting(proxy))
        {
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => TakeAsync())).WaitAsync(Patience);
        }

        Assert.Equal(3 * 200, given.Count);
        Assert.Equal(given.Count, given.Distinct().Count());
        // 200 ids are two thirds of the last block of 30.
        Assert.InRange(given.Max(), 600, 3 * 210);

        async Task TakeAsync()
        {
            await using var ids = new UniqueIds(await ConnectAsync(proxy.Address), Root, blockSize: 30);
            long last = 0;
            for (int i = 0; i < 200; i++)
            {
                long id = await ids.NextAsync();
                Assert.True(id > last, $"{id} after {last}");
                given.Add(last = id);
            }
        }
    }

    [Fact]
    public async Task Ids_of_a_block_cost_no_request()
    {
        CoordinationClient client = await ConnectAsync();
        await using var ids = new UniqueIds(client, Root, blockSize: 3);
        Assert.Equal(1, await ids.NextAsync());
        await client.DisposeAsync();
        Assert.Equal(2, await ids.NextAsync());
        Assert.Equal(3, await ids.NextAsync());
        Assert.Equal(ErrorCode.SessionExpired, await RefusalAsync(() => ids.NextAsync().AsTask()));
    }
}
