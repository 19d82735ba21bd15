using Freshet.Coordination;
using Freshet.Coordination.Client;
using Freshet.Node;
using Freshet.Protocol.Jute;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Coordination;

/// <summary>Freshet's own extension: a persistent watch of its client misses nothing while its connection is gone.</summary>
public sealed class WatchReplayTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreshetProcess.FreePort();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Under_load_and_cuts_at_any_byte_the_events_are_the_writes_in_order(int seed)
    {
        var random = new Random(seed);
        await using FreshetNode node = await StartAsync();
        await using var proxy = new TcpProxy(node.CoordinationConnectString!);
        await using CoordinationClient writer = await ConnectAsync(node.CoordinationConnectString!);
        await using CoordinationClient watcher = await ConnectAsync(proxy.Address);
        await using IAsyncEnumerator<WatchEvent> events = await WatchAsync(watcher, AddWatchMode.PersistentRecursive);
        await using IAsyncEnumerator<WatchEvent> root = await WatchAsync(watcher, AddWatchMode.Persistent);
        var load = new WatchedLoad(writer, random);
        int cuts = 0;
        for (int round = 0; round < 40; round++)
        {
            proxy.CutAfter(random.Next(1, 3000));
            Task writing = load.WriteAsync(transactions: 40);
            foreach ((WatchEventType, string) expected in load.Take())
            {
                Assert.Equal(expected, await NextAsync(events));
            }

            await writing;
            cuts = proxy.Accepted - 1;
        }

        Assert.InRange(cuts, 10, int.MaxValue);
        foreach ((WatchEventType, string) expected in load.ChangesOfRoot)
        {
            Assert.Equal(expected, await NextAsync(root));
        }
    }

    [Fact]
    public async Task A_history_that_is_too_short_says_read_again()
    {
        await using FreshetNode node = await StartAsync(options => options.MaxEventHistory = 10);
        await using var proxy = new TcpProxy(node.CoordinationConnectString!);
        await using CoordinationClient writer = await ConnectAsync(node.CoordinationConnectString!);
        await using CoordinationClient watcher = await ConnectAsync(proxy.Address);
        await using IAsyncEnumerator<WatchEvent> events = await WatchAsync(watcher, AddWatchMode.PersistentRecursive);
        foreach (int writes in (int[])[10, 11, 10])
        {
            await AwayAsync(proxy, watcher, async () =>
            {
                for (int i = 0; i < writes; i++)
                {
                    await writer.CreateAsync("/w/n-", mode: CreateMode.PersistentSequential);
                }
            });
            int told = writes > 10 ? 1 : writes;
            for (int i = 0; i < told; i++)
            {
                Assert.Equal(writes > 10 ? WatchEventType.None : WatchEventType.NodeCreated, (await NextAsync(events)).Type);
            }
        }
    }

    [Fact]
    public async Task Nothing_is_missed_while_the_server_restarts()
    {
        FreshetNode node = await StartAsync();
        await using var proxy = new TcpProxy(node.CoordinationConnectString!);
        await using CoordinationClient watcher = await ConnectAsync(proxy.Address);
        await using IAsyncEnumerator<WatchEvent> events = await WatchAsync(watcher, AddWatchMode.PersistentRecursive);
        proxy.Refuse();
        await using (CoordinationClient writer = await ConnectAsync(node.CoordinationConnectString!))
        {
            await writer.CreateAsync("/w/a");
            await writer.CreateAsync("/w/mine", mode: CreateMode.Ephemeral);
            await writer.SetDataAsync("/w/a", default);
            await writer.DeleteAsync("/w/a");
        }

        await node.DisposeAsync();
        await using FreshetNode again = await StartAsync();
        proxy.Allow();
        Assert.Equal((WatchEventType.NodeCreated, "/w/a"), await NextAsync(events));
        Assert.Equal((WatchEventType.NodeCreated, "/w/mine"), await NextAsync(events));
        Assert.Equal((WatchEventType.NodeDataChanged, "/w/a"), await NextAsync(events));
        Assert.Equal((WatchEventType.NodeDeleted, "/w/a"), await NextAsync(events));
        Assert.Equal((WatchEventType.NodeDeleted, "/w/mine"), await NextAsync(events));
    }

    [Fact]
    public async Task With_snapshots_under_way_a_restart_tells_every_write_or_to_read_again()
    {
        var random = new Random(4);
        for (int round = 0; round < 5; round++)
        {
            using var folder = new TemporaryFolder();
            FreshetNode node = await StartAsync(options => options.SnapshotAfterTransactions = 30, folder.Path);
            await using var proxy = new TcpProxy(node.CoordinationConnectString!);
            await using CoordinationClient watcher = await ConnectAsync(proxy.Address);
            await using IAsyncEnumerator<WatchEvent> events = await WatchAsync(watcher, AddWatchMode.PersistentRecursive);
            proxy.Refuse();
            await using CoordinationClient writer = await ConnectAsync(node.CoordinationConnectString!);
            var load = new WatchedLoad(writer, random);
            await load.WriteAsync(transactions: random.Next(10, 200));
            await node.DisposeAsync();
            await using FreshetNode again = await StartAsync(null, folder.Path);
            proxy.Allow();
            (WatchEventType, string) first = await NextAsync(events);
            Assert.Contains(first, (IEnumerable<(WatchEventType, string)>)[load.Next, (WatchEventType.None, "/w")]);
            foreach ((WatchEventType, string) expected in first == load.Next ? load.Take().Skip(1) : [])
            {
                Assert.Equal(expected, await NextAsync(events));
            }
        }
    }

    [Fact]
    public async Task What_a_client_may_not_read_is_not_told_again()
    {
        await using FreshetNode node = await StartAsync();
        await using var proxy = new TcpProxy(node.CoordinationConnectString!);
        await using CoordinationClient writer = await ConnectAsync(node.CoordinationConnectString!);
        await writer.AddAuthAsync("digest", "u:p"u8.ToArray());
        await using CoordinationClient watcher = await ConnectAsync(proxy.Address);
        await using IAsyncEnumerator<WatchEvent> events = await WatchAsync(watcher, AddWatchMode.PersistentRecursive);
        await AwayAsync(proxy, watcher, async () =>
        {
            await writer.CreateAsync("/w/hidden", acl: [new Acl(AclPermissions.All, "auth", "")]);
            await writer.CreateAsync("/w/open");
            await writer.DeleteAsync("/w/hidden");
            await writer.DeleteAsync("/w/open");
        });
        Assert.Equal((WatchEventType.NodeCreated, "/w/open"), await NextAsync(events));
        Assert.Equal((WatchEventType.NodeDeleted, "/w/open"), await NextAsync(events));
    }

    private static Task<CoordinationClient> ConnectAsync(string address) =>
        CoordinationClient.ConnectAsync(new CoordinationClientOptions { ConnectString = address, SessionTimeout = TimeSpan.FromSeconds(30) }).AsTask();

    /// <summary>A watch of /w, which it creates, once it is set.</summary>
    private static async Task<IAsyncEnumerator<WatchEvent>> WatchAsync(CoordinationClient client, AddWatchMode mode)
    {
        if (await client.ExistsAsync("/w") is null)
        {
            await client.CreateAsync("/w");
        }

        IAsyncEnumerator<WatchEvent> events = client.WatchEventsAsync("/w", mode).GetAsyncEnumerator();
        Assert.Equal((WatchEventType.None, "/w"), await NextAsync(events));
        return events;
    }

    private static async Task<(WatchEventType Type, string Path)> NextAsync(IAsyncEnumerator<WatchEvent> events)
    {
        Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Patience));
        return (events.Current.Type, events.Current.Path);
    }

    /// <summary>Does something while a client has no connection.</summary>
    private static async Task AwayAsync(TcpProxy proxy, CoordinationClient client, Func<Task> meanwhile)
    {
        proxy.Refuse();
        using var deadline = new CancellationTokenSource(Patience);
        await foreach (ConnectionState state in client.StatesAsync(deadline.Token))
        {
            if (state == ConnectionState.Connecting)
            {
                break;
            }
        }

        await meanwhile();
        proxy.Allow();
    }

    private ValueTask<FreshetNode> StartAsync(Action<CoordinationOptions>? configure = null, string? folder = null) => FreshetNode.StartAsync(new FreshetNodeOptions
    {
        Broker = false,
        DataDirectory = folder ?? _folder.Path,
        CoordinationPort = _port,
        ConfigureCoordination = options =>
        {
            options.ForceSync = false;
            configure?.Invoke(options);
        },
    });
}

/// <summary>Random writes below /w, some of several changes in one transaction, and the events they must give.</summary>
internal sealed class WatchedLoad(CoordinationClient client, Random random)
{
    private readonly List<string> _present = [];
    private readonly List<(WatchEventType, string)> _changes = [];
    private int _last;

    /// <summary>The events of the children of /w.</summary>
    public List<(WatchEventType Type, string Path)> ChangesOfRoot { get; } = [];

    /// <summary>Starts this many transactions; the events to come are known at once.</summary>
    public Task WriteAsync(int transactions) => Task.WhenAll(Enumerable.Range(0, transactions).Select(_ => CommitAsync()));

    /// <summary>The event that comes next.</summary>
    public (WatchEventType Type, string Path) Next => _changes[0];

    /// <summary>The events since the last call.</summary>
    public List<(WatchEventType Type, string Path)> Take()
    {
        List<(WatchEventType, string)> taken = [.. _changes];
        _changes.Clear();
        return taken;
    }

    private async Task CommitAsync()
    {
        var transaction = new CoordinationTransaction();
        for (int left = random.Next(1, 6); left > 0; left--)
        {
            Add(transaction);
        }

        await client.CommitAsync(transaction);
    }

    private void Add(CoordinationTransaction transaction)
    {
        int at = random.Next(_present.Count + 1);
        if (at == _present.Count)
        {
            string path = $"/w/{_last++}";
            transaction.Create(path);
            _present.Add(path);
            Expect(WatchEventType.NodeCreated, path);
        }
        else if (random.Next(2) == 0)
        {
            transaction.SetData(_present[at], default);
            Expect(WatchEventType.NodeDataChanged, _present[at]);
        }
        else
        {
            transaction.Delete(_present[at]);
            Expect(WatchEventType.NodeDeleted, _present[at]);
            _present.RemoveAt(at);
        }
    }

    private void Expect(WatchEventType type, string path)
    {
        _changes.Add((type, path));
        if (type != WatchEventType.NodeDataChanged)
        {
            ChangesOfRoot.Add((WatchEventType.NodeChildrenChanged, "/w"));
        }
    }
}
