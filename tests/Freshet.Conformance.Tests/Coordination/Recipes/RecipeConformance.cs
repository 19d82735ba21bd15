using Freshet.Coordination.Client;
using Freshet.Coordination.Client.Recipes;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Coordination.Recipes;

/// <summary>The recipes, on any ZooKeeper-compatible server.</summary>
public abstract class RecipeConformance : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _path = $"/recipe-{Guid.NewGuid():N}/it";
    private readonly List<IAsyncDisposable> _open = [];

    protected abstract string ConnectString { get; }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable open in Enumerable.Reverse(_open))
        {
            await open.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_lock_has_one_owner_at_a_time_and_tokens_grow()
    {
        var tokens = new List<long>();
        int owners = 0;
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ContendAsync())).WaitAsync(Patience);
        Assert.Equal(50, tokens.Count);
        Assert.Equal(tokens.Order(), tokens);
        Assert.Equal(50, tokens.Distinct().Count());

        async Task ContendAsync()
        {
            var theLock = new CoordinationLock(await ConnectAsync(), _path);
            for (int i = 0; i < 10; i++)
            {
                await using Ownership ownership = await theLock.AcquireAsync();
                Assert.Equal(1, Interlocked.Increment(ref owners));
                tokens.Add(ownership.FencingToken);
                await Task.Yield();
                Interlocked.Decrement(ref owners);
            }
        }
    }

    [Fact]
    public async Task A_lock_stays_exclusive_through_lost_connections()
    {
        int owners = 0;
        int acquired = 0;
        await using var proxy = new TcpProxy(ConnectString);
        using var stop = new CancellationTokenSource();
        Task cutting = CutAsync();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ContendAsync())).WaitAsync(Patience);
        await stop.CancelAsync();
        await cutting;
        Assert.Equal(30, acquired);

        async Task ContendAsync()
        {
            var theLock = new CoordinationLock(await ConnectAsync(proxy.Address), _path);
            for (int i = 0; i < 10; i++)
            {
                await using Ownership ownership = await theLock.AcquireAsync();
                Assert.Equal(1, Interlocked.Increment(ref owners));
                acquired++;
                await Task.Yield();
                Interlocked.Decrement(ref owners);
            }
        }

        async Task CutAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                proxy.Cut();
                await Task.Delay(100, CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task A_cancelled_wait_leaves_the_queue()
    {
        CoordinationClient client = await ConnectAsync();
        var theLock = new CoordinationLock(client, _path);
        Ownership owner = await theLock.AcquireAsync();
        using var impatience = new CancellationTokenSource();
        Task<Ownership> waiting = theLock.AcquireAsync(impatience.Token).AsTask();
        await UntilAsync(client, names => names.Count == 2);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await UntilAsync(client, names => names.Count == 1);
        await owner.DisposeAsync();
        await using Ownership next = await theLock.AcquireAsync().AsTask().WaitAsync(Patience);
        Assert.True(next.FencingToken > owner.FencingToken);
    }

    [Fact]
    public async Task A_lock_that_is_taken_is_not_waited_for_on_request()
    {
        var mine = new CoordinationLock(await ConnectAsync(), _path);
        var theirs = new CoordinationLock(await ConnectAsync(), _path);
        Ownership? held = await mine.TryAcquireAsync();
        Assert.NotNull(held);
        Assert.Null(await theirs.TryAcquireAsync());
        await held.DisposeAsync();
        await using Ownership? free = await theirs.TryAcquireAsync();
        Assert.NotNull(free);
    }

    [Fact]
    public async Task An_owner_that_leaves_hands_the_lock_on_and_hears_of_it()
    {
        CoordinationClient first = await ConnectAsync();
        Ownership held = await new CoordinationLock(first, _path).AcquireAsync();
        Task<Ownership> waiting = new CoordinationLock(await ConnectAsync(), _path).AcquireAsync().AsTask();
        Assert.False(held.Lost.IsCancellationRequested);
        await first.DisposeAsync();
        await using Ownership next = await waiting.WaitAsync(Patience);
        Assert.True(next.FencingToken > held.FencingToken);
        await CancelledAsync(held.Lost);
    }

    [Fact]
    public async Task An_owner_without_a_connection_stops_relying_on_the_lock_before_it_is_taken_from_it()
    {
        await using var proxy = new TcpProxy(ConnectString);
        CoordinationClient client = await ConnectAsync(proxy.Address, TimeSpan.FromSeconds(1));
        await using Ownership held = await new CoordinationLock(client, _path).AcquireAsync();
        CoordinationClient observer = await ConnectAsync();
        var taken = new ZnodeWatch();
        await observer.ExistsAsync(held.Path, taken);
        proxy.Refuse();
        await CancelledAsync(held.Lost);
        Assert.False(taken.Fired.IsCompleted);
        proxy.Allow();
    }

    [Fact]
    public async Task Candidates_lead_in_turn_and_everyone_sees_who()
    {
        CoordinationClient first = await ConnectAsync();
        CoordinationClient second = await ConnectAsync();
        var leaders = new List<string?>();
        Ownership? leading = null;
        Task<Ownership>? waiting = null;
        using var deadline = new CancellationTokenSource(Patience);
        await foreach (string? leader in new LeaderElection(await ConnectAsync(), _path).WatchLeaderAsync(deadline.Token))
        {
            leaders.Add(leader);
            switch (leaders.Count)
            {
                case 1:
                    leading = await new LeaderElection(first, _path).CampaignAsync("first", deadline.Token);
                    waiting = new LeaderElection(second, _path).CampaignAsync("second", deadline.Token).AsTask();
                    break;
                case 2:
                    await UntilAsync(first, names => names.Count == 2);
                    await leading!.DisposeAsync();
                    break;
                case 3:
                    await (await waiting!).DisposeAsync();
                    break;
            }

            if (leaders.Count == 4)
            {
                break;
            }
        }

        Assert.Equal([null, "first", "second", null], leaders);
    }

    [Fact]
    public async Task A_configuration_is_followed_and_a_broken_value_does_not_stop_it()
    {
        CoordinationClient client = await ConnectAsync();
        var configuration = new WatchedConfiguration<Settings>(client, _path);
        var seen = new List<Configured<Settings>>();
        using var deadline = new CancellationTokenSource(Patience);
        await foreach (Configured<Settings> configured in configuration.WatchAsync(deadline.Token))
        {
            seen.Add(configured);
            switch (seen.Count)
            {
                case 1: await configuration.SetAsync(new Settings(1), deadline.Token); break;
                case 2: await client.SetDataAsync(_path, "{ no json"u8.ToArray(), cancellation: deadline.Token); break;
                case 3: await client.SetDataAsync(_path, """{"size":2}"""u8.ToArray(), cancellation: deadline.Token); break;
            }

            if (seen.Count == 4)
            {
                break;
            }
        }

        Assert.Equal([null, new Settings(1), new Settings(1), new Settings(2)], seen.Select(configured => configured.Value));
        Assert.Equal([null, 0, 1, 2], seen.Select(configured => configured.Version));
        Assert.Equal([false, false, true, false], seen.Select(configured => configured.Fault is not null));
    }

    [Fact]
    public async Task No_update_of_a_configuration_is_lost()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CountAsync())).WaitAsync(Patience);
        Assert.Equal(40, (await new WatchedConfiguration<Settings>(await ConnectAsync(), _path).ReadAsync()).Value!.Size);

        async Task CountAsync()
        {
            var configuration = new WatchedConfiguration<Settings>(await ConnectAsync(), _path);
            for (int i = 0; i < 10; i++)
            {
                await configuration.UpdateAsync(settings => new Settings((settings?.Size ?? 0) + 1));
            }
        }
    }

    private static async Task CancelledAsync(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource();
        await using (token.Register(cancelled.SetResult))
        {
            await cancelled.Task.WaitAsync(Patience, CancellationToken.None);
        }
    }

    private async Task UntilAsync(CoordinationClient client, Func<IReadOnlyList<string>, bool> condition)
    {
        using var deadline = new CancellationTokenSource(Patience);
        await foreach (ZnodeChildren? children in client.WatchChildrenAsync(_path, deadline.Token))
        {
            if (condition(children?.Names ?? []))
            {
                return;
            }
        }
    }

    private async Task<CoordinationClient> ConnectAsync(string? address = null, TimeSpan? sessionTimeout = null)
    {
        CoordinationClient client = await CoordinationClient.ConnectAsync(
            new CoordinationClientOptions { ConnectString = address ?? ConnectString, SessionTimeout = sessionTimeout ?? TimeSpan.FromSeconds(20) });
        lock (_open)
        {
            _open.Add(client);
        }

        return client;
    }

    private sealed record Settings(int Size);
}
