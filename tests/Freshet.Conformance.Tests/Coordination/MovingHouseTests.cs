using System.Globalization;
using System.Text;
using Freshet.Coordination.Client;
using Freshet.Coordination.Migration;
using Freshet.Node;
using Freshet.Protocol.Jute;
using Freshet.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freshet.Conformance.Tests.Coordination;

/// <summary>Data moves from Apache ZooKeeper to Freshet and back: every znode that outlives its session, with all of its stat.</summary>
public sealed class MovingHouseTests : IDisposable
{
    private static readonly Acl[] Restricted = [new(AclPermissions.Read, "world", "anyone"), new(AclPermissions.All, "digest", "bob:ikIaKsbtGweaHnb/jKn7OHqbunM=")];

    private readonly TemporaryFolder _apacheData = new();
    private readonly TemporaryFolder _freshetData = new();

    private string FreshetFolder => Path.Combine(_freshetData.Path, FreshetNodeOptions.CoordinationFolder);

    public void Dispose()
    {
        _apacheData.Dispose();
        _freshetData.Dispose();
    }

    [Theory]
    [InlineData(100_000, "from the log alone", null)]
    [InlineData(40, "from a snapshot and the log behind it", null)]
    [InlineData(40, "as releases before 3.6 write it", "-Dzookeeper.digest.enabled=false")]
    [InlineData(40, "from a compressed snapshot", "-Dzookeeper.snapshot.compression.method=gz")]
    public async Task Import_takes_over_everything_but_sessions(int snapCount, string how, string? flag)
    {
        Assert.SkipUnless(ApacheZooKeeper.IsPresent, $"Apache ZooKeeper is missing: this test would import its data {how}.");
        SortedDictionary<string, string> expected;
        await using (ApacheZooKeeper server = await ApacheZooKeeper.StartAsync(_apacheData.Path, [$"snapCount={snapCount}", .. flag is null ? [] : (string[])[flag]]))
        {
            expected = await FillAsync(server.ConnectString);
        }

        string[] compressed = Directory.GetFiles(Path.Combine(_apacheData.Path, "version-2"), "snapshot.*.gz");
        Assert.Equal(flag?.EndsWith("gz", StringComparison.Ordinal) == true, compressed.Length > 0);
        MovedData moved = ZooKeeperImport.Run(_apacheData.Path, null, FreshetFolder, TimeProvider.System);
        await using FreshetNode node = await StartFreshetAsync();
        Assert.Equal(expected, await DumpAsync(node.CoordinationConnectString!));
        Assert.Equal(expected.Count, moved.Znodes);
        await WriteMoreAsync(node.CoordinationConnectString!);
    }

    [Fact]
    public async Task Apache_ZooKeeper_starts_from_an_export()
    {
        Assert.SkipUnless(ApacheZooKeeper.IsPresent, "Apache ZooKeeper is missing: this test would start it from an export.");
        SortedDictionary<string, string> expected;
        await using (FreshetNode node = await StartFreshetAsync())
        {
            expected = await FillAsync(node.CoordinationConnectString!);
        }

        MovedData moved = await ZooKeeperExport.RunAsync(FreshetFolder, null, _apacheData.Path, NullLoggerFactory.Instance, TimeProvider.System);
        Assert.Equal(expected.Count, moved.Znodes);
        await using ApacheZooKeeper server = await ApacheZooKeeper.StartAsync(_apacheData.Path);
        Assert.Equal(expected, await DumpAsync(server.ConnectString));
        await WriteMoreAsync(server.ConnectString);
    }

    [Fact]
    public async Task Import_refuses_a_directory_in_use_and_one_without_data()
    {
        await using (FreshetNode node = await StartFreshetAsync())
        {
            await using CoordinationClient client = await ConnectAsync(node.CoordinationConnectString!);
            await client.CreateAsync("/here");
        }

        Assert.Contains("already", Assert.Throws<IOException>(() => Import(FreshetFolder)).Message, StringComparison.Ordinal);
        using var empty = new TemporaryFolder();
        Assert.Contains("neither", Assert.Throws<InvalidDataException>(() => Import(empty.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_refuses_a_log_damaged_in_the_middle()
    {
        Assert.SkipUnless(ApacheZooKeeper.IsPresent, "Apache ZooKeeper is missing: this test would damage its log.");
        await using (ApacheZooKeeper server = await ApacheZooKeeper.StartAsync(_apacheData.Path, "snapCount=100000"))
        {
            await FillAsync(server.ConnectString);
        }

        string log = Assert.Single(Directory.EnumerateFiles(Path.Combine(_apacheData.Path, "version-2"), "log.*"));
        byte[] bytes = await File.ReadAllBytesAsync(log, TestContext.Current.CancellationToken);
        bytes[200] ^= 1;
        await File.WriteAllBytesAsync(log, bytes, TestContext.Current.CancellationToken);
        string message = Assert.Throws<InvalidDataException>(() => Import(FreshetFolder)).Message;
        Assert.Contains(log, message, StringComparison.Ordinal);
        Assert.Contains("checksum", message, StringComparison.Ordinal);
    }

    private MovedData Import(string target) => ZooKeeperImport.Run(_apacheData.Path, null, target, TimeProvider.System);

    private ValueTask<FreshetNode> StartFreshetAsync() =>
        FreshetNode.StartAsync(new FreshetNodeOptions { Broker = false, DataDirectory = _freshetData.Path }, cancellation: TestContext.Current.CancellationToken);

    private static ValueTask<CoordinationClient> ConnectAsync(string connectString) =>
        CoordinationClient.ConnectAsync(new CoordinationClientOptions { ConnectString = connectString }, cancellation: TestContext.Current.CancellationToken);

    /// <summary>Writes with every kind of transaction. Returns what is there afterwards.</summary>
    private static async Task<SortedDictionary<string, string>> FillAsync(string connectString)
    {
        await using (CoordinationClient client = await ConnectAsync(connectString))
        {
            await client.CreateAsync("/house", "old"u8.ToArray());
            await client.CreateAsync("/house/secret", "s"u8.ToArray(), acl: Restricted);
            await client.CreateAsync("/house/empty", Array.Empty<byte>());
            for (int number = 0; number < 30; number++)
            {
                string room = await client.CreateAsync("/house/room-", Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)), CreateMode.PersistentSequential);
                await client.SetDataAsync(room, new byte[number]);
                if (number % 3 == 0)
                {
                    await client.DeleteAsync(room);
                }
            }

            await client.CreateAsync("/house/guest", mode: CreateMode.Ephemeral);
            await client.SetAclAsync("/house/empty", Restricted);
            await client.CommitAsync(new CoordinationTransaction().Create("/multi", "m"u8.ToArray()).Create("/multi/Straße").SetData("/house", "new"u8.ToArray()));
            await Assert.ThrowsAsync<CoordinationException>(async () => await client.DeleteAsync("/nowhere"));
            await Assert.ThrowsAnyAsync<CoordinationException>(async () => await client.CommitAsync(new CoordinationTransaction().Create("/half").Delete("/nowhere")));
        }

        return await DumpAsync(connectString);
    }

    /// <summary>A moved server goes on: with new zxids above the old ones, and with the counters of sequential znodes.</summary>
    private static async Task WriteMoreAsync(string connectString)
    {
        await using CoordinationClient client = await ConnectAsync(connectString);
        Stat? before = await client.ExistsAsync("/house");
        CreatedZnode created = await client.CreateWithStatAsync("/house/room-", default, CreateMode.PersistentSequential);
        Assert.Equal("/house/room-0000000033", created.Path);
        Assert.True(created.Stat.Czxid > before!.Value.Pzxid);
    }

    /// <summary>Every znode below the root with data, access list and stat, except Apache's own configuration znode.</summary>
    private static async Task<SortedDictionary<string, string>> DumpAsync(string connectString)
    {
        await using CoordinationClient client = await ConnectAsync(connectString);
        var dump = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await DumpAsync(client, "/", dump);
        return dump;
    }

    private static async Task DumpAsync(CoordinationClient client, string path, SortedDictionary<string, string> dump)
    {
        ZnodeData znode = await client.GetDataAsync(path);
        ZnodeAcl acl = await client.GetAclAsync(path);
        string data = znode.Data is null ? "null" : Convert.ToHexString(znode.Data);
        dump[path] = $"{data} {string.Join(',', acl.Entries)} {znode.Stat}";
        foreach (string child in (await client.GetChildrenAsync(path)).Names)
        {
            await DumpAsync(client, path == "/" ? "/" + child : path + "/" + child, dump);
        }
    }
}
