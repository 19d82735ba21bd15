using System.Collections.Concurrent;
using System.Text;
using Freshet.Coordination.Client;
using Freshet.Coordination.Client.Recipes;
using Freshet.Protocol.Jute;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Coordination.Recipes;

/// <summary>The queue, on any ZooKeeper-compatible server.</summary>
public abstract class QueueConformance : ConformanceCase
{
    [Fact]
    public async Task Items_come_in_order_and_only_completed_ones_go()
    {
        CoordinationClient client = await ConnectAsync();
        var queue = new CoordinationQueue(client, Root);
        Assert.Equal(0, await queue.CountAsync());
        await queue.EnqueueAsync("a"u8.ToArray());
        await queue.EnqueueAsync("b"u8.ToArray());
        QueueItem first = await queue.DequeueAsync();
        QueueItem second = await queue.DequeueAsync();
        Assert.Equal(("a", "b"), (Text(first), Text(second)));
        Assert.Equal(2, await queue.CountAsync());
        await first.DisposeAsync();
        await second.CompleteAsync();
        await second.DisposeAsync();
        await using QueueItem again = await queue.DequeueAsync();
        Assert.Equal(("a", first.Path), (Text(again), again.Path));
        await again.CompleteAsync();
        await again.CompleteAsync();
        Assert.Equal(0, await queue.CountAsync());
        await ChildrenAsync(client, names => names.Count == 0, At("claims"));
    }

    [Fact]
    public async Task Consumers_share_the_items_and_lose_none_through_lost_connections()
    {
        const int Items = 60;
        await using var proxy = new TcpProxy(ConnectString);
        await using var cutting = new Cutting(proxy);
        var consumed = new ConcurrentDictionary<string, int>();
        var all = new TaskCompletionSource();
        using var stop = new CancellationTokenSource();
        Task[] consumers = [.. Enumerable.Range(0, 3).Select(_ => ConsumeAsync())];
        var producing = new CoordinationQueue(await ConnectAsync(proxy.Address), Root);
        for (int i = 0; i < Items; i++)
        {
            await producing.EnqueueAsync(Encoding.ASCII.GetBytes($"{i}"));
        }

        await all.Task.WaitAsync(Patience);
        await stop.CancelAsync();
        await Task.WhenAll(consumers).WaitAsync(Patience);
        CoordinationClient observer = await ConnectAsync();
        await ChildrenAsync(observer, names => names.Count == 0, At("claims"));
        await ChildrenAsync(observer, names => names.Count == 0, At("items"));

        async Task ConsumeAsync()
        {
            var queue = new CoordinationQueue(await ConnectAsync(proxy.Address), Root);
            try
            {
                while (true)
                {
                    await using QueueItem item = await queue.DequeueAsync(stop.Token);
                    consumed.AddOrUpdate(Text(item), 1, (_, times) => times + 1);
                    await item.CompleteAsync();
                    if (consumed.Count == Items)
                    {
                        all.TrySetResult();
                    }
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
        }
    }

    [Fact]
    public async Task What_an_expired_session_held_is_delivered_again()
    {
        await using var proxy = new TcpProxy(ConnectString);
        var dying = new CoordinationQueue(await ConnectAsync(proxy.Address, TimeSpan.FromSeconds(1)), Root);
        var living = new CoordinationQueue(await ConnectAsync(), Root);
        await living.EnqueueAsync("job"u8.ToArray());
        await using QueueItem held = await dying.DequeueAsync();
        Task<QueueItem> waiting = living.DequeueAsync().AsTask();
        proxy.Refuse();
        await using QueueItem again = await waiting.WaitAsync(Patience);
        Assert.Equal(held.Path, again.Path);
        await CancelledAsync(held.Lost);
        proxy.Allow();
        Assert.Equal(ErrorCode.SessionExpired, await RefusalAsync(() => held.CompleteAsync().AsTask()));
        await again.CompleteAsync();
        Assert.Equal(0, await living.CountAsync());
    }

    [Fact]
    public async Task A_cancelled_wait_holds_nothing()
    {
        CoordinationClient client = await ConnectAsync();
        var queue = new CoordinationQueue(client, Root);
        using var impatience = new CancellationTokenSource();
        Task<QueueItem> cancelled = queue.DequeueAsync(impatience.Token).AsTask();
        await ChildrenAsync(client, names => names.Count == 2);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await queue.EnqueueAsync("next"u8.ToArray());
        await using QueueItem item = await queue.DequeueAsync().AsTask().WaitAsync(Patience);
        Assert.Equal("next", Text(item));
    }

    private static string Text(QueueItem item) => Encoding.ASCII.GetString(item.Data.Span);
}
