using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Freshet.Node;
using Freshet.Protocol.Jute;
using Freshet.Storage.Snapshots;
using Freshet.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Freshet.Coordination.Tests.Wire;

/// <summary>A recovery is checked by the digest that each snapshot ends with, and administrators see the digests of the last transactions.</summary>
public sealed class DigestTests : IDisposable
{
    private const int Znodes = 600;
    private const string Victim = "stands in one znode only";
    private readonly TemporaryFolder _folder = new();

    private string Data => Path.Combine(_folder.Path, FreshetNodeOptions.CoordinationFolder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Snapshots_taken_while_everything_changes_lead_back_to_the_same_tree()
    {
        for (int round = 0; round < 4; round++)
        {
            await using FreshetNode node = await StartAsync();
            using RawClient client = await RawClient.ConnectAsync(node.CoordinationConnectString!);
            await ChangeEverythingAsync(client, round);
            await WaitForSnapshotsAsync(round + 1);
        }

        await using FreshetNode last = await StartAsync();
        using RawClient reader = await RawClient.ConnectAsync(last.CoordinationConnectString!);
        Assert.Equal(ErrorCode.Ok, await reader.ErrorOfAsync(OpCode.GetData, Bodies.Read("/n1")));
    }

    [Fact]
    public async Task A_recovery_that_leads_to_another_tree_is_refused_with_the_file_and_the_zxid()
    {
        await using (FreshetNode node = await StartAsync())
        {
            using RawClient client = await RawClient.ConnectAsync(node.CoordinationConnectString!);
            await client.CallAsync(OpCode.Create, Bodies.Create("/victim", data: Victim));
            await ChangeEverythingAsync(client, round: 0);
            await WaitForSnapshotsAsync(1);
        }

        (_, string newest) = SnapshotFile.List(Data)[0];
        Forge(newest);
        InvalidDataException refusal = await Assert.ThrowsAsync<InvalidDataException>(async () => await StartAsync());
        Assert.Contains(newest, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("zxid 0x", refusal.Message, StringComparison.Ordinal);
        await using (await StartAsync(server => server.KeepTreeDigest = false))
        {
        }

        File.Delete(newest);
        await using FreshetNode fromTheOneBefore = await StartAsync();
    }

    [Fact]
    public async Task A_journal_that_ends_before_the_snapshot_was_complete_is_told_in_the_log()
    {
        await using (FreshetNode node = await StartAsync())
        {
            using RawClient client = await RawClient.ConnectAsync(node.CoordinationConnectString!);
            await client.CallAsync(OpCode.Create, Bodies.Create("/victim", data: Victim));
            await ChangeEverythingAsync(client, round: 0);
            await WaitForSnapshotsAsync(1);
        }

        const int ZxidInDigestBlock = sizeof(byte) + sizeof(int);
        (_, string newest) = SnapshotFile.List(Data)[0];
        Rewrite(newest, blocks => BinaryPrimitives.WriteInt64BigEndian(blocks[^1].AsSpan(ZxidInDigestBlock), 1_000_000));
        using var log = new WarningLog();
        await using FreshetNode again = await StartAsync(loggers: log);
        Assert.Contains(log.Warnings, warning => warning.Contains("0xf4240", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_digest_at_every_128th_zxid_is_told()
    {
        await using FreshetNode node = await StartAsync(server => server.FourLetterWords = ["hash"]);
        using RawClient client = await RawClient.ConnectAsync(node.CoordinationConnectString!);
        for (int number = 0; number < 300; number++)
        {
            await client.CallAsync(OpCode.Create, Bodies.Create($"/n{number}"));
        }

        string[] lines = (await WordAsync(node)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["80", "100"], lines.Select(line => line.Split(": ")[0]));
        using var http = new HttpClient();
        using JsonDocument answer = JsonDocument.Parse(await http.GetStringAsync(new Uri(node.HttpAddress!, "commands/hash")));
        JsonElement second = answer.RootElement.GetProperty("digests")[1];
        Assert.Equal($"100: {second.GetProperty("digest").GetInt64()}", lines[1]);
        Assert.Equal((256, 1), (second.GetProperty("zxid").GetInt64(), second.GetProperty("digest_version").GetInt32()));
    }

    [Fact]
    public async Task Without_digests_the_answer_is_empty()
    {
        await using FreshetNode node = await StartAsync(server => (server.FourLetterWords, server.KeepTreeDigest) = (["hash"], false));
        using RawClient client = await RawClient.ConnectAsync(node.CoordinationConnectString!);
        for (int number = 0; number < 130; number++)
        {
            await client.CallAsync(OpCode.Create, Bodies.Create($"/n{number}"));
        }

        Assert.Equal("", await WordAsync(node));
    }

    /// <summary>Creates, sets, deletes and changes access, with values large enough that a snapshot takes many slices.</summary>
    private static async Task ChangeEverythingAsync(RawClient client, int round)
    {
        string value = new((char)('a' + round), 2000);
        List<int> sent = [];
        for (int number = 0; number < Znodes; number++)
        {
            string path = $"/n{number}";
            sent.Add(await client.SendAsync(OpCode.Create, Bodies.Create(path, data: value)));
            sent.Add(await client.SendAsync(OpCode.Create, Bodies.Create(path + "/child", number % 2 == 0 ? CreateMode.Ephemeral : CreateMode.Persistent)));
            sent.Add(await client.SendAsync(OpCode.SetData, Bodies.SetData($"/n{number * 7 % Znodes}", value)));
            sent.Add(await client.SendAsync(OpCode.Delete, Bodies.Delete($"/n{number * 5 % Znodes}/child", -1)));
            if (number % 50 == 49)
            {
                await ReceiveAsync(client, sent);
            }
        }

        await ReceiveAsync(client, sent);
    }

    private static async Task ReceiveAsync(RawClient client, List<int> sent)
    {
        foreach (int _ in sent)
        {
            Assert.NotNull(await client.ReceiveAsync());
        }

        sent.Clear();
    }

    private async Task WaitForSnapshotsAsync(int least)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (SnapshotFile.List(Data).Count < Math.Min(least, 3))
        {
            await Task.Delay(10, deadline.Token);
        }
    }

    private static async Task<string> WordAsync(FreshetNode node)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(node.CoordinationConnectString!));
        await client.GetStream().WriteAsync("hash"u8.ToArray());
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync();
    }

    /// <summary>Writes the snapshot anew, with right checksums and one byte of a value changed.</summary>
    private static void Forge(string path) => Rewrite(path, blocks =>
    {
        byte[] data = Encoding.ASCII.GetBytes(Victim);
        byte[] victim = blocks.First(block => block.AsSpan().IndexOf(data) > 0);
        victim[victim.AsSpan().IndexOf(data)]++;
    });

    private static void Rewrite(string path, Action<List<byte[]>> change)
    {
        List<byte[]> blocks = [];
        SnapshotFile.Read(path, block => blocks.Add(block.ToArray()));
        change(blocks);
        using var writer = new SnapshotWriter(Path.GetDirectoryName(path)!, SnapshotFile.List(Path.GetDirectoryName(path)!)[0].Sequence);
        blocks.ForEach(block => writer.Write(block));
        writer.Commit();
    }

    private ValueTask<FreshetNode> StartAsync(Action<CoordinationOptions>? configure = null, ILoggerFactory? loggers = null) => FreshetNode.StartAsync(
        new FreshetNodeOptions
        {
            Broker = false,
            HttpPort = 0,
            DataDirectory = _folder.Path,
            ConfigureCoordination = server =>
            {
                (server.ForceSync, server.SnapshotAfterTransactions) = (false, 100);
                configure?.Invoke(server);
            },
        },
        loggers);
}
