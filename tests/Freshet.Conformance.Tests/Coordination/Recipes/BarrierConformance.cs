using Freshet.Coordination.Client;
using Freshet.Coordination.Client.Recipes;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Coordination.Recipes;

/// <summary>Barriers and double barriers, on any ZooKeeper-compatible server.</summary>
public abstract class BarrierConformance : ConformanceCase
{
    [Fact]
    public async Task A_closed_barrier_holds_everyone_until_it_is_opened()
    {
        CoordinationClient closing = await ConnectAsync();
        var closer = new CoordinationBarrier(closing, At("gate"));
        var comer = new CoordinationBarrier(await ConnectAsync(), At("gate"));
        await comer.WaitAsync().AsTask().WaitAsync(Patience);
        await closer.CloseAsync();
        await closer.CloseAsync();
        using var impatience = new CancellationTokenSource();
        Task cancelled = comer.WaitAsync(impatience.Token).AsTask();
        Task waiting = comer.WaitAsync().AsTask();
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await closing.DisposeAsync();
        Assert.False(waiting.IsCompleted);
        await comer.OpenAsync();
        await waiting.WaitAsync(Patience);
        await comer.OpenAsync();
    }

    [Fact]
    public async Task Rounds_begin_and_end_together_through_lost_connections()
    {
        const int Participants = 4, Rounds = 5;
        int[] came = new int[Rounds], left = new int[Rounds];
        await using var proxy = new TcpProxy(ConnectString);
        await using var cutting = new Cutting(proxy);
        await Task.WhenAll(Enumerable.Range(0, Participants).Select(_ => TakePartAsync())).WaitAsync(Patience);
        Assert.All(left, count => Assert.Equal(Participants, count));

        async Task TakePartAsync()
        {
            var barrier = new CoordinationDoubleBarrier(await ConnectAsync(proxy.Address), Root, Participants);
            for (int round = 0; round < Rounds; round++)
            {
                Interlocked.Increment(ref came[round]);
                await using Participation participation = await barrier.EnterAsync();
                Assert.Equal(Participants, Volatile.Read(ref came[round]));
                Interlocked.Increment(ref left[round]);
                await participation.LeaveAsync();
                Assert.Equal(Participants, Volatile.Read(ref left[round]));
            }
        }
    }

    [Fact]
    public async Task Who_comes_too_many_waits_for_the_next_round()
    {
        CoordinationClient client = await ConnectAsync();
        var barrier = new CoordinationDoubleBarrier(client, Root, participants: 2);
        Task<Participation>[] entering = [.. Enumerable.Range(0, 2).Select(_ => barrier.EnterAsync().AsTask())];
        Participation[] round = await Task.WhenAll(entering).WaitAsync(Patience);
        Task<Participation> late = barrier.EnterAsync().AsTask();
        await ChildrenAsync(client, names => names.Count == 3);
        Task leaving = round[0].LeaveAsync().AsTask();
        Assert.False(late.IsCompleted);
        Assert.False(leaving.IsCompleted);
        await round[1].LeaveAsync().AsTask().WaitAsync(Patience);
        await leaving.WaitAsync(Patience);
        Task<Participation> last = barrier.EnterAsync().AsTask();
        foreach (Participation participation in await Task.WhenAll(late, last).WaitAsync(Patience))
        {
            await participation.DisposeAsync();
        }

        await ChildrenAsync(client, names => names.Count == 0);
    }

    [Fact]
    public async Task A_participant_whose_session_expires_has_left()
    {
        await using var proxy = new TcpProxy(ConnectString);
        var dying = new CoordinationDoubleBarrier(await ConnectAsync(proxy.Address, TimeSpan.FromSeconds(1)), Root, participants: 2);
        var living = new CoordinationDoubleBarrier(await ConnectAsync(), Root, participants: 2);
        Task<Participation>[] entering = [dying.EnterAsync().AsTask(), living.EnterAsync().AsTask()];
        await Task.WhenAll(entering).WaitAsync(Patience);
        proxy.Refuse();
        await (await entering[1]).LeaveAsync().AsTask().WaitAsync(Patience);
        proxy.Allow();
    }

    [Fact]
    public async Task Who_stops_waiting_never_came()
    {
        CoordinationClient client = await ConnectAsync();
        var barrier = new CoordinationDoubleBarrier(client, Root, participants: 2);
        using var impatience = new CancellationTokenSource();
        Task<Participation> cancelled = barrier.EnterAsync(impatience.Token).AsTask();
        await ChildrenAsync(client, names => names.Count == 1);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await ChildrenAsync(client, names => names.Count == 0);
        Task<Participation> first = barrier.EnterAsync().AsTask();
        await ChildrenAsync(client, names => names.Count == 1);
        Assert.False(first.IsCompleted);
        Task<Participation> second = barrier.EnterAsync().AsTask();
        await Task.WhenAll(first, second).WaitAsync(Patience);
    }
}
