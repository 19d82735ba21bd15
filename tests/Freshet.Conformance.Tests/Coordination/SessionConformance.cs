using System.Text;
using Freshet.Coordination.Client;
using Freshet.Protocol.Jute;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Coordination;

/// <summary>How sessions and watches live through lost connections, with any ZooKeeper-compatible server.</summary>
public abstract class SessionConformance : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _root = $"/session-{Guid.NewGuid():N}";

    protected abstract string ConnectString { get; }

    private CoordinationClient Direct { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Direct = await ConnectAsync(ConnectString);
        await Direct.CreateAsync(_root);
    }

    public async ValueTask DisposeAsync()
    {
        if (Direct is not null)
        {
            await Direct.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_session_survives_fifty_lost_connections()
    {
        await using var proxy = new TcpProxy(ConnectString);
        await using CoordinationClient client = await ConnectAsync(proxy.Address);
        long session = client.SessionId;
        await client.CreateAsync(At("here"), mode: CreateMode.Ephemeral);
        for (int i = 0; i < 50; i++)
        {
            proxy.Cut();
            await StableAsync(() => client.GetDataAsync(At("here")).AsTask());
        }

        Assert.Equal(session, client.SessionId);
        Assert.Equal(session, (await Direct.ExistsAsync(At("here")))!.Value.EphemeralOwner);
        Assert.True(proxy.Accepted > 50, $"{proxy.Accepted} connections");
    }

    [Fact]
    public async Task What_changed_while_a_client_was_away_fires_its_watches()
    {
        await using var proxy = new TcpProxy(ConnectString);
        await using CoordinationClient client = await ConnectAsync(proxy.Address);
        await Direct.CreateAsync(At("data"));
        await Direct.CreateAsync(At("parent"));
        await Direct.CreateAsync(At("doomed"));
        ZnodeWatch data = new(), child = new(), missing = new(), doomed = new(), untouched = new();
        await client.GetDataAsync(At("data"), data);
        await client.GetChildrenAsync(At("parent"), child);
        await client.ExistsAsync(At("missing"), missing);
        await client.ExistsAsync(At("doomed"), doomed);
        await client.GetDataAsync(_root, untouched);
        proxy.Refuse();
        await Direct.SetDataAsync(At("data"), "new"u8.ToArray());
        await Direct.CreateAsync(At("parent/child"));
        await Direct.CreateAsync(At("missing"));
        await Direct.DeleteAsync(At("doomed"));
        proxy.Allow();
        Assert.Equal(WatchEventType.NodeDataChanged, (await data.Fired.WaitAsync(Patience)).Type);
        Assert.Equal(WatchEventType.NodeChildrenChanged, (await child.Fired.WaitAsync(Patience)).Type);
        Assert.Equal(WatchEventType.NodeCreated, (await missing.Fired.WaitAsync(Patience)).Type);
        Assert.Equal(WatchEventType.NodeDeleted, (await doomed.Fired.WaitAsync(Patience)).Type);
        Assert.False(untouched.Fired.IsCompleted);
        await Direct.SetDataAsync(_root, default);
        await untouched.Fired.WaitAsync(Patience);
    }

    [Fact]
    public async Task Thousands_of_watches_are_set_again()
    {
        await using var proxy = new TcpProxy(ConnectString);
        await using CoordinationClient client = await ConnectAsync(proxy.Address);
        ZnodeWatch[] watches = [.. Enumerable.Range(0, 4000).Select(_ => new ZnodeWatch())];
        await Task.WhenAll(watches.Select((watch, i) => client.ExistsAsync(At($"missing-{new string('x', 50)}-{i}"), watch).AsTask()));
        proxy.Cut();
        await StableAsync(() => client.ExistsAsync(_root).AsTask());
        await Direct.CreateAsync(At($"missing-{new string('x', 50)}-0"));
        await Direct.CreateAsync(At($"missing-{new string('x', 50)}-3999"));
        await watches[0].Fired.WaitAsync(Patience);
        await watches[3999].Fired.WaitAsync(Patience);
        Assert.Equal(2, watches.Count(watch => watch.Fired.IsCompleted));
    }

    [Fact]
    public async Task Requests_under_way_fail_and_requests_made_meanwhile_wait()
    {
        await using var proxy = new TcpProxy(ConnectString);
        await using CoordinationClient client = await ConnectAsync(proxy.Address);
        proxy.Freeze();
        Task<string> underWay = client.CreateAsync(At("under-way")).AsTask();
        await proxy.Swallowed.WaitAsync(Patience);
        proxy.Refuse();
        CoordinationException loss = await Assert.ThrowsAsync<CoordinationException>(() => underWay.WaitAsync(Patience));
        Assert.Equal(ErrorCode.ConnectionLoss, loss.Error);
        Assert.True(loss.IsTransient);
        Task<string> waiting = client.CreateAsync(At("waiting")).AsTask();
        Assert.False(waiting.IsCompleted);
        proxy.Allow();
        Assert.Equal(At("waiting"), await waiting.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_silent_server_is_left_before_the_session_expires()
    {
        await using var proxy = new TcpProxy(ConnectString);
        await using CoordinationClient client = await ConnectAsync(proxy.Address, TimeSpan.FromSeconds(1));
        long session = client.SessionId;
        await client.CreateAsync(At("alive"), mode: CreateMode.Ephemeral);
        proxy.Freeze();
        await StableAsync(() => client.GetDataAsync(At("alive")).AsTask());
        Assert.Equal(session, client.SessionId);
    }

    [Fact]
    public async Task An_idle_session_is_kept_alive()
    {
        await using CoordinationClient idle = await ConnectAsync(ConnectString, TimeSpan.FromSeconds(1));
        await idle.CreateAsync(At("idle"), mode: CreateMode.Ephemeral);
        using var gone = new ZnodeWatch();
        await Direct.ExistsAsync(At("idle"), gone);
        await Assert.ThrowsAsync<TimeoutException>(() => gone.Fired.WaitAsync(idle.SessionTimeout * 1.5));
        Assert.Equal(ConnectionState.Connected, idle.State);
    }

    [Fact]
    public async Task An_expired_session_is_over_for_good()
    {
        await using var proxy = new TcpProxy(ConnectString);
        await using CoordinationClient client = await ConnectAsync(proxy.Address, TimeSpan.FromSeconds(1));
        await client.CreateAsync(At("fleeting"), mode: CreateMode.Ephemeral);
        ZnodeWatch watch = new(), gone = new();
        await client.GetDataAsync(_root, watch);
        await Direct.ExistsAsync(At("fleeting"), gone);
        proxy.Refuse();
        Assert.Equal(WatchEventType.NodeDeleted, (await gone.Fired.WaitAsync(Patience)).Type);
        Assert.False(client.SessionOver.IsCancellationRequested);
        proxy.Allow();
        var states = new List<ConnectionState>();
        using var deadline = new CancellationTokenSource(Patience);
        await foreach (ConnectionState state in client.StatesAsync(deadline.Token))
        {
            states.Add(state);
        }

        Assert.Equal(ConnectionState.Expired, states[^1]);
        Assert.True(client.SessionOver.IsCancellationRequested);
        Assert.Equal(ErrorCode.SessionExpired, (await Assert.ThrowsAsync<CoordinationException>(() => watch.Fired)).Error);
        Assert.Equal(ErrorCode.SessionExpired, (await Assert.ThrowsAsync<CoordinationException>(async () => await client.ExistsAsync("/"))).Error);
    }

    [Fact]
    public async Task Following_a_znode_through_lost_connections_ends_at_its_last_value()
    {
        const int Last = 300;
        await Direct.CreateAsync(At("counter"), "0"u8.ToArray());
        await using var proxy = new TcpProxy(ConnectString);
        await using CoordinationClient client = await ConnectAsync(proxy.Address);
        Task writing = WriteAsync();
        using var deadline = new CancellationTokenSource(Patience);
        int seen = -1;
        await foreach (ZnodeData? data in client.WatchDataAsync(At("counter"), deadline.Token))
        {
            int value = int.Parse(Encoding.ASCII.GetString(data!.Data!));
            Assert.True(value > seen, $"{value} after {seen}");
            seen = value;
            if (value == Last)
            {
                break;
            }
        }

        await writing;

        async Task WriteAsync()
        {
            for (int i = 1; i <= Last; i++)
            {
                await Direct.SetDataAsync(At("counter"), Encoding.ASCII.GetBytes($"{i}"));
                if (i % 20 == 0)
                {
                    proxy.Cut();
                }
            }
        }
    }

    [Fact]
    public async Task Code_that_awaits_a_watch_may_block_on_the_client()
    {
        await Direct.CreateAsync(At("blocked"));
        Task[] users = [.. Enumerable.Range(0, 20).Select(_ => UseAsync())];
        await Task.WhenAll(users.Append(Direct.SetDataAsync(At("blocked"), default).AsTask())).WaitAsync(Patience);

        async Task UseAsync()
        {
            var watch = new ZnodeWatch();
            await Direct.GetDataAsync(At("blocked"), watch);
            await watch.Fired;
            // Bad manners that must not stop the client.
            await Task.Run(() => Direct.GetDataAsync(At("blocked")).AsTask().Wait(Patience));
            await Direct.ExistsAsync(At("blocked"));
        }
    }

    [Fact]
    public async Task Closing_while_disconnected_does_not_hang()
    {
        await using var proxy = new TcpProxy(ConnectString);
        CoordinationClient client = await ConnectAsync(proxy.Address);
        proxy.Refuse();
        await client.DisposeAsync().AsTask().WaitAsync(Patience);
        Assert.Equal(ConnectionState.Closed, client.State);
    }

    /// <summary>Repeats a read that a lost connection may interrupt.</summary>
    private static async Task<T> StableAsync<T>(Func<Task<T>> read)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                return await read().WaitAsync(deadline.Token);
            }
            catch (CoordinationException lost) when (lost.IsTransient)
            {
                await Task.Delay(5, deadline.Token);
            }
        }
    }

    private static ValueTask<CoordinationClient> ConnectAsync(string address, TimeSpan? sessionTimeout = null) => CoordinationClient.ConnectAsync(
        new CoordinationClientOptions { ConnectString = address, SessionTimeout = sessionTimeout ?? TimeSpan.FromSeconds(20) });

    private string At(string name) => $"{_root}/{name}";
}
