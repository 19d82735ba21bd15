using Freshet.Coordination.Client;
using Freshet.Coordination.Client.Recipes;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Coordination.Recipes;

/// <summary>Read-write locks and semaphores, on any ZooKeeper-compatible server.</summary>
public abstract class SharedOwnershipConformance : ConformanceCase
{
    [Fact]
    public async Task Writers_are_alone_and_readers_among_themselves_through_lost_connections()
    {
        int readers = 0, writers = 0, acquired = 0;
        await using var proxy = new TcpProxy(ConnectString);
        await using var cutting = new Cutting(proxy);
        await Task.WhenAll(ContendAsync(true), ContendAsync(true), ContendAsync(true), ContendAsync(false), ContendAsync(false)).WaitAsync(Patience);
        Assert.Equal(40, acquired);

        async Task ContendAsync(bool reads)
        {
            var theLock = new CoordinationReadWriteLock(await ConnectAsync(proxy.Address), Root);
            for (int i = 0; i < 8; i++)
            {
                await using Ownership ownership = await (reads ? theLock.AcquireReadAsync() : theLock.AcquireWriteAsync());
                int writersNow = reads ? Volatile.Read(ref writers) : Interlocked.Increment(ref writers);
                int readersNow = reads ? Interlocked.Increment(ref readers) : Volatile.Read(ref readers);
                Assert.Equal(reads ? 0 : 1, writersNow);
                Assert.True(reads || readersNow == 0, $"{readersNow} readers beside a writer");
                await Task.Yield();
                Interlocked.Increment(ref acquired);
                Interlocked.Decrement(ref reads ? ref readers : ref writers);
            }
        }
    }

    [Fact]
    public async Task Readers_hold_the_lock_together_and_a_waiting_writer_comes_before_later_readers()
    {
        var first = new CoordinationReadWriteLock(await ConnectAsync(), Root);
        var second = new CoordinationReadWriteLock(await ConnectAsync(), Root);
        CoordinationClient writing = await ConnectAsync();
        var writer = new CoordinationReadWriteLock(writing, Root);
        Ownership one = await first.AcquireReadAsync();
        Ownership two = (await second.TryAcquireReadAsync())!;
        Assert.Null(await writer.TryAcquireWriteAsync());
        Task<Ownership> waiting = writer.AcquireWriteAsync().AsTask();
        await ChildrenAsync(writing, names => names.Count == 3);
        Assert.Null(await second.TryAcquireReadAsync());
        await one.DisposeAsync();
        Assert.False(waiting.IsCompleted);
        await two.DisposeAsync();
        await using Ownership written = await waiting.WaitAsync(Patience);
        Assert.True(written.FencingToken > two.FencingToken);
        Assert.Null(await first.TryAcquireReadAsync());
    }

    [Fact]
    public async Task A_writer_that_stops_waiting_lets_the_readers_behind_it_pass()
    {
        CoordinationClient client = await ConnectAsync();
        var theLock = new CoordinationReadWriteLock(client, Root);
        await using Ownership held = await theLock.AcquireReadAsync();
        using var impatience = new CancellationTokenSource();
        Task<Ownership> writer = theLock.AcquireWriteAsync(impatience.Token).AsTask();
        await ChildrenAsync(client, names => names.Count == 2);
        Task<Ownership> reader = theLock.AcquireReadAsync().AsTask();
        await ChildrenAsync(client, names => names.Count == 3);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writer);
        await using Ownership passed = await reader.WaitAsync(Patience);
        await ChildrenAsync(client, names => names.Count == 2);
    }

    [Fact]
    public async Task No_more_leases_than_allowed_are_held_through_lost_connections()
    {
        int held = 0, most = 0, acquired = 0;
        await using var proxy = new TcpProxy(ConnectString);
        await using var cutting = new Cutting(proxy);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ContendAsync())).WaitAsync(Patience);
        Assert.Equal(24, acquired);
        Assert.InRange(most, 1, 2);

        async Task ContendAsync()
        {
            var semaphore = new CoordinationSemaphore(await ConnectAsync(proxy.Address), Root, leases: 2);
            for (int i = 0; i < 6; i++)
            {
                await using Ownership lease = await semaphore.AcquireAsync();
                int now = Interlocked.Increment(ref held);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Increment(ref acquired);
                Interlocked.Decrement(ref held);
            }
        }
    }

    [Fact]
    public async Task A_lease_is_free_again_when_its_session_expires()
    {
        await using var proxy = new TcpProxy(ConnectString);
        var dying = new CoordinationSemaphore(await ConnectAsync(proxy.Address, TimeSpan.FromSeconds(1)), Root, leases: 2);
        var living = new CoordinationSemaphore(await ConnectAsync(), Root, leases: 2);
        await using Ownership lost = await dying.AcquireAsync();
        await using Ownership kept = await living.AcquireAsync();
        Assert.Null(await living.TryAcquireAsync());
        Task<Ownership> waiting = living.AcquireAsync().AsTask();
        proxy.Refuse();
        await using Ownership freed = await waiting.WaitAsync(Patience);
        await CancelledAsync(lost.Lost);
        Assert.False(kept.Lost.IsCancellationRequested);
        proxy.Allow();
    }

    [Fact]
    public async Task Waits_for_a_lease_that_are_cancelled_leave_nothing_behind()
    {
        CoordinationClient client = await ConnectAsync();
        var semaphore = new CoordinationSemaphore(client, Root, leases: 1);
        await using (await semaphore.AcquireAsync())
        {
            using var impatience = new CancellationTokenSource();
            Task<Ownership>[] waiting = [.. Enumerable.Range(0, 3).Select(_ => semaphore.AcquireAsync(impatience.Token).AsTask())];
            await ChildrenAsync(client, names => names.Count == 3, At("turns"));
            await ChildrenAsync(client, names => names.Count == 2, At("leases"));
            await impatience.CancelAsync();
            foreach (Task<Ownership> wait in waiting)
            {
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
            }

            await ChildrenAsync(client, names => names.Count == 0, At("turns"));
            await ChildrenAsync(client, names => names.Count == 1, At("leases"));
        }

        await ChildrenAsync(client, names => names.Count == 0, At("leases"));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (int seen = Volatile.Read(ref most); value > seen;)
        {
            seen = Interlocked.CompareExchange(ref most, value, seen) is int before && before == seen ? value : before;
        }
    }
}
