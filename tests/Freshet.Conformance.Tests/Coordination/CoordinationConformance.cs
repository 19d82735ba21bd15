using System.Text;
using Freshet.Coordination.Client;
using Freshet.Protocol.Jute;

namespace Freshet.Conformance.Tests.Coordination;

/// <summary>What any ZooKeeper-compatible server must do, seen through Freshet's client. Each server has a subclass.</summary>
public abstract class CoordinationConformance : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly string _root = $"/test-{Guid.NewGuid():N}";

    protected abstract string ConnectString { get; }

    private CoordinationClient Client { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Client = await ConnectAsync();
        await Client.CreateAsync(_root);
    }

    public async ValueTask DisposeAsync()
    {
        if (Client is not null)
        {
            await Client.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Data_is_kept_and_null_differs_from_empty()
    {
        await Client.CreateAsync(At("full"), "hello"u8.ToArray());
        await Client.CreateAsync(At("empty"));
        Assert.Equal("hello"u8.ToArray(), (await Client.GetDataAsync(At("full"))).Data);
        Assert.Empty((await Client.GetDataAsync(At("empty"))).Data!);
    }

    [Fact]
    public async Task A_stat_tells_the_history_of_a_znode()
    {
        CreatedZnode created = await Client.CreateWithStatAsync(At("node"), "1"u8.ToArray());
        Stat changed = await Client.SetDataAsync(At("node"), "22"u8.ToArray(), version: 0);
        await Client.CreateAsync(At("node/a"));
        await Client.CreateAsync(At("node/b"));
        await Client.DeleteAsync(At("node/a"));
        Stat stat = (await Client.ExistsAsync(At("node")))!.Value;
        Assert.Equal(created.Stat.Czxid, stat.Czxid);
        Assert.Equal(created.Stat.Czxid, created.Stat.Mzxid);
        Assert.Equal(changed.Mzxid, stat.Mzxid);
        Assert.True(stat.Pzxid > stat.Mzxid);
        Assert.Equal((1, 3, 0, 2, 1, 0L), (stat.Version, stat.Cversion, stat.Aversion, stat.DataLength, stat.NumChildren, stat.EphemeralOwner));
    }

    [Fact]
    public async Task Sequential_names_count_up_and_deletes_do_not_turn_back()
    {
        string first = await Client.CreateAsync(At("q-"), mode: CreateMode.PersistentSequential);
        await Client.DeleteAsync(first);
        string second = await Client.CreateAsync(At("q-"), mode: CreateMode.PersistentSequential);
        Assert.Equal(At("q-0000000000"), first);
        Assert.Equal(At("q-0000000001"), second);
    }

    [Theory]
    [InlineData("create", ErrorCode.NodeExists)]
    [InlineData("create below nothing", ErrorCode.NoNode)]
    [InlineData("delete missing", ErrorCode.NoNode)]
    [InlineData("delete full", ErrorCode.NotEmpty)]
    [InlineData("delete version", ErrorCode.BadVersion)]
    [InlineData("set version", ErrorCode.BadVersion)]
    [InlineData("get missing", ErrorCode.NoNode)]
    [InlineData("children missing", ErrorCode.NoNode)]
    [InlineData("create bad path", ErrorCode.BadArguments)]
    [InlineData("child of ephemeral", ErrorCode.NoChildrenForEphemerals)]
    [InlineData("delete root", ErrorCode.BadArguments)]
    [InlineData("no access list", ErrorCode.InvalidAcl)]
    public async Task What_cannot_be_done_is_refused(string operation, ErrorCode expected)
    {
        await Client.CreateAsync(At("there"));
        await Client.CreateAsync(At("there/child"));
        await Client.CreateAsync(At("temporary"), mode: CreateMode.Ephemeral);
        CoordinationException refusal = await Assert.ThrowsAsync<CoordinationException>(async () => await (operation switch
        {
            "create" => Client.CreateAsync(At("there")).AsTask(),
            "create below nothing" => Client.CreateAsync(At("nothing/child")).AsTask(),
            "delete missing" => Client.DeleteAsync(At("nothing")).AsTask(),
            "delete full" => Client.DeleteAsync(At("there")).AsTask(),
            "delete version" => Client.DeleteAsync(At("there/child"), 7).AsTask(),
            "set version" => Client.SetDataAsync(At("there"), default, 7).AsTask(),
            "get missing" => Client.GetDataAsync(At("nothing")).AsTask(),
            "children missing" => Client.GetChildrenAsync(At("nothing")).AsTask(),
            "create bad path" => Client.CreateAsync("no-slash").AsTask(),
            "child of ephemeral" => Client.CreateAsync(At("temporary/child")).AsTask(),
            "delete root" => Client.DeleteAsync("/").AsTask(),
            _ => Client.CreateAsync(At("open"), acl: []).AsTask(),
        }));
        Assert.Equal(expected, refusal.Error);
    }

    [Fact]
    public async Task A_transaction_happens_whole()
    {
        IReadOnlyList<TransactionResult> results = await Client.CommitAsync(new CoordinationTransaction()
            .Create(At("a"), "1"u8.ToArray()).SetData(At("a"), "2"u8.ToArray(), version: 0).Check(At("a"), 1).Create(At("n-"), mode: CreateMode.PersistentSequential));
        Assert.Equal([At("a"), null, null, At("n-0000000001")], results.Select(result => result.Path));
        Assert.Equal(1, results[1].Stat!.Value.Version);
    }

    [Fact]
    public async Task A_failing_transaction_leaves_no_trace()
    {
        CoordinationException refusal = await Assert.ThrowsAsync<CoordinationException>(async () => await Client.CommitAsync(
            new CoordinationTransaction().Create(At("first")).Delete(At("missing")).Create(At("last"))));
        Assert.Equal(ErrorCode.NoNode, refusal.Error);
        Assert.Equal(At("missing"), refusal.Path);
        Assert.Null(await Client.ExistsAsync(At("first")));
        Assert.Equal(At("s-0000000000"), await Client.CreateAsync(At("s-"), mode: CreateMode.PersistentSequential));
    }

    [Fact]
    public async Task Watches_fire_once_with_what_happened()
    {
        await Client.CreateAsync(At("watched"));
        ZnodeWatch data = new(), child = new(), missing = new();
        await Client.GetDataAsync(At("watched"), data);
        await Client.GetChildrenAsync(At("watched"), child);
        await Client.ExistsAsync(At("missing"), missing);
        await Client.SetDataAsync(At("watched"), "x"u8.ToArray());
        await Client.CreateAsync(At("watched/child"));
        await Client.CreateAsync(At("missing"));
        Assert.Equal((WatchEventType.NodeDataChanged, At("watched")), Brief(await data.Fired.WaitAsync(Patience)));
        Assert.Equal((WatchEventType.NodeChildrenChanged, At("watched")), Brief(await child.Fired.WaitAsync(Patience)));
        Assert.Equal((WatchEventType.NodeCreated, At("missing")), Brief(await missing.Fired.WaitAsync(Patience)));
    }

    [Fact]
    public async Task A_writer_hears_of_its_own_change_before_the_reply()
    {
        await Client.CreateAsync(At("own"));
        for (int i = 0; i < 100; i++)
        {
            var watch = new ZnodeWatch();
            await Client.GetDataAsync(At("own"), watch);
            await Client.SetDataAsync(At("own"), default);
            Assert.True(watch.Fired.IsCompleted);
        }
    }

    [Fact]
    public async Task Requests_of_one_session_take_effect_in_order()
    {
        await Client.CreateAsync(At("counter"), "0"u8.ToArray());
        Task<Stat>[] writes = [.. Enumerable.Range(1, 200).Select(i => Client.SetDataAsync(At("counter"), Encoding.ASCII.GetBytes($"{i}"), i - 1).AsTask())];
        ZnodeData read = await Client.GetDataAsync(At("counter"));
        Assert.Equal("200", Encoding.ASCII.GetString(read.Data!));
        Assert.Equal(Enumerable.Range(1, 200), (await Task.WhenAll(writes)).Select(stat => stat.Version));
    }

    [Fact]
    public async Task Ephemeral_znodes_go_with_their_session()
    {
        CoordinationClient other = await ConnectAsync();
        await other.CreateAsync(At("temporary"), mode: CreateMode.Ephemeral);
        var watch = new ZnodeWatch();
        Stat stat = (await Client.ExistsAsync(At("temporary"), watch))!.Value;
        Assert.Equal(other.SessionId, stat.EphemeralOwner);
        await other.DisposeAsync();
        Assert.Equal(WatchEventType.NodeDeleted, (await watch.Fired.WaitAsync(Patience)).Type);
        Assert.Null(await Client.ExistsAsync(At("temporary")));
    }

    [Fact]
    public async Task Sync_then_read_sees_what_another_session_wrote()
    {
        await using CoordinationClient other = await ConnectAsync();
        await other.CreateAsync(At("news"), "1"u8.ToArray());
        await Client.SyncAsync(At("news"));
        Assert.Equal("1"u8.ToArray(), (await Client.GetDataAsync(At("news"))).Data);
    }

    [Fact]
    public async Task Access_lists_are_kept()
    {
        await Client.CreateAsync(At("guarded"), acl: [new Acl(AclPermissions.Read, "world", "anyone")]);
        Assert.Equal([new Acl(AclPermissions.Read, "world", "anyone")], (await Client.GetAclAsync(At("guarded"))).Entries);
        CoordinationException refusal = await Assert.ThrowsAsync<CoordinationException>(async () => await Client.SetDataAsync(At("guarded"), default));
        Assert.Equal(ErrorCode.NoAuth, refusal.Error);
    }

    [Fact]
    public async Task A_chroot_hides_what_is_above_it()
    {
        await using CoordinationClient inside = await CoordinationClient.ConnectAsync(new CoordinationClientOptions { ConnectString = ConnectString + _root });
        Assert.Equal("/inner", await inside.CreateAsync("/inner"));
        var watch = new ZnodeWatch();
        await inside.ExistsAsync("/inner", watch);
        Assert.NotNull(await Client.ExistsAsync(At("inner")));
        await Client.DeleteAsync(At("inner"));
        Assert.Equal("/inner", (await watch.Fired.WaitAsync(Patience)).Path);
    }

    [Fact]
    public async Task Following_a_znode_shows_its_life()
    {
        using var deadline = new CancellationTokenSource(Patience);
        var seen = new List<string?>();
        await foreach (ZnodeData? data in Client.WatchDataAsync(At("life"), deadline.Token))
        {
            seen.Add(data is null ? null : Encoding.ASCII.GetString(data.Data!));
            switch (seen.Count)
            {
                case 1: await Client.CreateAsync(At("life"), "born"u8.ToArray(), cancellation: deadline.Token); break;
                case 2: await Client.SetDataAsync(At("life"), "grown"u8.ToArray(), cancellation: deadline.Token); break;
                case 3: await Client.DeleteAsync(At("life"), cancellation: deadline.Token); break;
            }

            if (seen.Count == 4)
            {
                break;
            }
        }

        Assert.Equal([null, "born", "grown", null], seen);
    }

    private static (WatchEventType Type, string Path) Brief(WatchEvent change) => (change.Type, change.Path);

    private string At(string name) => $"{_root}/{name}";

    private ValueTask<CoordinationClient> ConnectAsync() =>
        CoordinationClient.ConnectAsync(new CoordinationClientOptions { ConnectString = ConnectString });
}
