using Freshet.Coordination.Client;
using Freshet.Protocol.Jute;

namespace Freshet.Conformance.Tests.Coordination;

/// <summary>The requests that newer ZooKeeper releases added, with any compatible server.</summary>
public abstract class WholeClientConformance : ConformanceCase
{
    [Fact]
    public async Task Containers_and_znodes_with_a_time_to_live_are_created()
    {
        CoordinationClient client = await ConnectAsync();
        CreatedZnode container = await client.CreateWithStatAsync(Root, mode: CreateMode.Container);
        Assert.Equal((Root, 0L), (container.Path, container.Stat.EphemeralOwner));
        CreatedZnode mortal = await client.CreateTtlAsync(At("mortal"), "x"u8.ToArray(), TimeSpan.FromMinutes(1));
        Assert.Equal((At("mortal"), 1, 0L), (mortal.Path, mortal.Stat.DataLength, mortal.Stat.EphemeralOwner));
        CreatedZnode numbered = await client.CreateTtlAsync(At("n-"), default, TimeSpan.FromMilliseconds(1), CreateMode.PersistentSequentialTtl);
        Assert.Equal(At("n-0000000001"), numbered.Path);
        Assert.Equal(ErrorCode.BadArguments, await RefusalAsync(() => client.CreateTtlAsync(At("never"), default, TimeSpan.Zero).AsTask()));
    }

    [Fact]
    public async Task A_time_to_live_and_its_mode_belong_together()
    {
        CoordinationClient client = await ConnectAsync();
        await Assert.ThrowsAsync<ArgumentException>(async () => await client.CreateAsync(Root, mode: CreateMode.PersistentTtl));
        await Assert.ThrowsAsync<ArgumentException>(async () => await client.CreateTtlAsync(Root, default, TimeSpan.FromSeconds(1), CreateMode.Ephemeral));
        Assert.Throws<ArgumentException>(() => new CoordinationTransaction().Create(Root, mode: CreateMode.PersistentSequentialTtl));
    }

    [Fact]
    public async Task A_transaction_creates_znodes_of_every_mode()
    {
        CoordinationClient client = await ConnectAsync();
        IReadOnlyList<TransactionResult> results = await client.CommitAsync(new CoordinationTransaction()
            .Create(Root, mode: CreateMode.Container).CreateTtl(At("mortal"), default, TimeSpan.FromMinutes(1)).Create(At("mine"), mode: CreateMode.Ephemeral));
        Assert.Equal([Root, At("mortal"), At("mine")], results.Select(result => result.Path));
        Assert.Equal(2, await client.GetAllChildrenNumberAsync(Root));
    }

    [Fact]
    public async Task What_is_missing_or_there_already_can_be_asked_for_without_exceptions()
    {
        CoordinationClient client = await ConnectAsync();
        Assert.Null(await client.TryGetDataAsync(Root));
        Assert.Null(await client.TryGetChildrenAsync(Root));
        Assert.True(await client.TryCreateAsync(Root, "first"u8.ToArray()));
        Assert.False(await client.TryCreateAsync(Root, "second"u8.ToArray()));
        Assert.True(await client.TryCreateAsync(At("child")));
        Assert.Equal("first"u8.ToArray(), (await client.TryGetDataAsync(Root))!.Data);
        Assert.Equal(["child"], (await client.TryGetChildrenAsync(Root))!.Names);
        Assert.Equal(ErrorCode.NoNode, await RefusalAsync(() => client.TryCreateAsync(At("no/parent")).AsTask()));
    }

    [Fact]
    public async Task All_descendants_are_counted()
    {
        CoordinationClient client = await ConnectAsync();
        await client.CreatePathAsync(At("a/b/c"));
        await client.CreateAsync(At("d"));
        Assert.Equal(4, await client.GetAllChildrenNumberAsync(Root));
        Assert.Equal(0, await client.GetAllChildrenNumberAsync(At("d")));
        Assert.Equal(ErrorCode.NoNode, await RefusalAsync(() => client.GetAllChildrenNumberAsync(At("missing")).AsTask()));
    }

    [Fact]
    public async Task A_session_knows_its_own_ephemeral_znodes()
    {
        CoordinationClient client = await ConnectAsync();
        CoordinationClient other = await ConnectAsync();
        await client.CreateAsync(Root);
        await client.CreateAsync(At("a1"), mode: CreateMode.Ephemeral);
        await client.CreateAsync(At("a2"), mode: CreateMode.Ephemeral);
        await client.CreateAsync(At("b"), mode: CreateMode.Ephemeral);
        await client.CreateAsync($"{Root}-beside", mode: CreateMode.Ephemeral);
        await other.CreateAsync(At("a3"), mode: CreateMode.Ephemeral);
        Assert.Equal([$"{Root}-beside", At("a1"), At("a2"), At("b")], (await client.GetEphemeralsAsync()).Order(StringComparer.Ordinal));
        Assert.Equal([At("a1"), At("a2")], (await client.GetEphemeralsAsync(At("a"))).Order());
        CoordinationClient inside = await ConnectAsync(ConnectString + Root);
        Assert.Empty(await inside.GetEphemeralsAsync());
        await inside.CreateAsync("/inner", mode: CreateMode.Ephemeral);
        Assert.Equal(["/inner"], await inside.GetEphemeralsAsync("/in"));
    }

    [Fact]
    public async Task Several_reads_go_in_one_request_and_fail_one_by_one()
    {
        CoordinationClient client = await ConnectAsync();
        await client.CreateAsync(Root, "root"u8.ToArray());
        await client.CreateAsync(At("a"));
        await client.CreateAsync(At("b"));
        IReadOnlyList<MultiReadResult> results = await client.ReadAsync(new MultiRead().GetData(Root).GetData(At("missing")).GetChildren(Root).GetChildren(At("a")));
        Assert.Equal([Root, At("missing"), Root, At("a")], results.Select(result => result.Path));
        Assert.Equal([ErrorCode.Ok, ErrorCode.NoNode, ErrorCode.Ok, ErrorCode.Ok], results.Select(result => result.Error));
        Assert.Equal("root"u8.ToArray(), results[0].Data!.Data);
        Assert.Equal(2, results[0].Data!.Stat.NumChildren);
        Assert.Equal(["a", "b"], results[2].Children!.Order());
        Assert.Equal([], results[3].Children);
        Assert.Empty(await client.ReadAsync(new MultiRead()));
    }

    [Fact]
    public async Task A_server_that_is_away_is_passed_over()
    {
        string[] nobody = [.. Enumerable.Range(1, 4).Select(port => $"127.0.0.1:{port}")];
        for (int i = 0; i < 5; i++)
        {
            CoordinationClient client = await ConnectAsync(string.Join(',', [.. nobody, ConnectString]));
            Assert.NotNull(await client.ExistsAsync("/"));
        }
    }
}
