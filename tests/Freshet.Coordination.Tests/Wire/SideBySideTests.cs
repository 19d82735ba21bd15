using Freshet.Node;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;
using Freshet.Tests.Support;

namespace Freshet.Coordination.Tests.Wire;

/// <summary>Freshet and Apache ZooKeeper asked the same, frame by frame, where their answers and events must be equal.</summary>
public sealed class SideBySideTests(SideBySideServers servers) : IClassFixture<SideBySideServers>
{
    private const int PersistentRecursive = 1;

    [Fact]
    public async Task Unused_containers_and_znodes_past_their_time_go_in_the_same_way()
    {
        (string freshet, string apache) = servers.Required;
        (string[] Events, string[] Left, int Cversion) expected = await LeaveBehindAsync(apache);
        (string[] Events, string[] Left, int Cversion) actual = await LeaveBehindAsync(freshet);
        Assert.Contains("/side/container deleted", expected.Events);
        Assert.Equal(expected.Events, actual.Events);
        Assert.Equal(expected.Left, actual.Left);
        Assert.Equal(expected.Cversion, actual.Cversion);
    }

    [Theory]
    [InlineData(OpCode.Reconfig)]
    [InlineData((OpCode)999)]
    public async Task What_no_client_may_ask_of_a_server_on_its_own_is_answered_alike(OpCode type)
    {
        (string freshet, string apache) = servers.Required;
        Assert.Equal(await AskAsync(apache, type), await AskAsync(freshet, type));
    }

    [Fact]
    public async Task Znodes_and_their_bytes_are_counted_alike()
    {
        (string freshet, string apache) = servers.Required;
        Assert.Equal(await CountAsync(apache), await CountAsync(freshet));
    }

    /// <summary>What some writes add to the figures of mntr.</summary>
    private static async Task<(long Znodes, long Bytes, long Ephemerals)> CountAsync(string address)
    {
        using RawClient client = await RawClient.ConnectAsync(address);
        (long znodes, long bytes, long ephemerals) = await FiguresAsync(address);
        await client.CallAsync(OpCode.Create, Bodies.Create("/count", data: "12345"));
        await client.CallAsync(OpCode.Create, Bodies.Create("/count/e", CreateMode.Ephemeral, data: null));
        await client.CallAsync(OpCode.Create, Bodies.Create("/count/gone", data: "12345"));
        await client.CallAsync(OpCode.SetData, Bodies.SetData("/count", "1234567"));
        await client.CallAsync(OpCode.Delete, Bodies.Delete("/count/gone"));
        (long Znodes, long Bytes, long Ephemerals) after = await FiguresAsync(address);
        return (after.Znodes - znodes, after.Bytes - bytes, after.Ephemerals - ephemerals);
    }

    private static async Task<(long Znodes, long Bytes, long Ephemerals)> FiguresAsync(string address)
    {
        using RawClient client = await RawClient.OpenAsync(address);
        await client.SendAsync("mntr"u8.ToArray());
        Dictionary<string, string> figures = (await client.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t')).ToDictionary(line => line[0], line => line[1]);
        long Figure(string name) => long.Parse(figures[name], System.Globalization.CultureInfo.InvariantCulture);
        return (Figure("zk_znode_count"), Figure("zk_approximate_data_size"), Figure("zk_ephemerals_count"));
    }

    /// <summary>The error, and whether the connection is still good.</summary>
    private static async Task<(ErrorCode? Error, bool Zxid, bool IsClosed)> AskAsync(string address, OpCode type)
    {
        using RawClient client = await RawClient.ConnectAsync(address);
        await client.SendAsync(type, writer =>
        {
            // As reconfig has it: who joins, who leaves, all members, the configuration that there is now.
            writer.WriteString("server.2=127.0.0.1:2888:3888;2182");
            writer.WriteNull();
            writer.WriteNull();
            writer.WriteInt64(-1);
        });
        byte[]? frame = await client.ReceiveAsync();
        if (frame is null)
        {
            return (null, false, true);
        }

        var reader = new JuteReader(frame);
        ReplyHeader header = ReplyHeader.Read(ref reader);
        await client.SendAsync(OpCode.Exists, Bodies.Read("/zookeeper"));
        return (header.Error, header.Zxid > 0, await client.IsClosedAsync());
    }

    /// <summary>Creates znodes that the server removes some day, and says what a watch heard of them until they were gone.</summary>
    private static async Task<(string[] Events, string[] Left, int Cversion)> LeaveBehindAsync(string address)
    {
        using RawClient client = await RawClient.ConnectAsync(address);
        using RawClient watcher = await RawClient.ConnectAsync(address);
        await client.CallAsync(OpCode.Create, Bodies.Create("/side"));
        await watcher.CallAsync(OpCode.AddWatch, writer =>
        {
            writer.WriteString("/side");
            writer.WriteInt32(PersistentRecursive);
        });
        await client.CallAsync(OpCode.CreateContainer, Bodies.Create("/side/unused", CreateMode.Container));
        await client.CallAsync(OpCode.CreateTtl, Bodies.CreateTtl("/side/long", 1_000_000));
        await client.CallAsync(OpCode.CreateTtl, Bodies.CreateTtl("/side/parent", 300));
        await client.CallAsync(OpCode.Create, Bodies.Create("/side/parent/child"));
        await client.CallAsync(OpCode.CreateTtl, Bodies.CreateTtl("/side/short", 300));
        await client.CallAsync(OpCode.CreateContainer, Bodies.Create("/side/container", CreateMode.Container));
        await client.CallAsync(OpCode.CreateContainer, Bodies.Create("/side/container/inner", CreateMode.Container));
        await client.CallAsync(OpCode.Create, Bodies.Create("/side/container/inner/child"));
        await client.CallAsync(OpCode.Delete, Bodies.Delete("/side/container/inner/child"));
        List<string> events = [];
        HashSet<string> awaited = ["/side/short deleted", "/side/container deleted"];
        while (awaited.Count > 0)
        {
            WatchEvent change = await watcher.NextEventAsync();
            events.Add($"{change.Path} {change.Type.ToString()["Node".Length..].ToLowerInvariant()}");
            awaited.Remove(events[^1]);
        }

        (_, byte[] body) = await client.CallAsync(OpCode.GetChildren2, Bodies.Read("/side"));
        var reader = new JuteReader(body);
        string[] left = [.. reader.ReadStrings().Order(StringComparer.Ordinal)];
        // Which of two independent znodes goes first is chance.
        return ([.. events.Order(StringComparer.Ordinal)], left, Stat.Read(ref reader).Cversion);
    }
}

/// <summary>Both servers, which look for unused znodes ten times a second.</summary>
public sealed class SideBySideServers : IAsyncLifetime
{
    private FreshetNode? _freshet;
    private ApacheZooKeeper? _apache;

    /// <summary>Their addresses; skips the test when Apache ZooKeeper is missing.</summary>
    public (string Freshet, string Apache) Required
    {
        get
        {
            Assert.SkipWhen(_apache is null, "Apache ZooKeeper is missing: this test would compare with its answers.");
            return (_freshet!.CoordinationConnectString!, _apache!.ConnectString);
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (ApacheZooKeeper.IsPresent)
        {
            _apache = await ApacheZooKeeper.StartAsync(dataDirectory: null, "-Dznode.container.checkIntervalMs=100");
            _freshet = await FreshetNode.StartAsync(new FreshetNodeOptions
            {
                Broker = false,
                ConfigureCoordination = options => (options.ContainerCheckInterval, options.FourLetterWords) = (TimeSpan.FromMilliseconds(100), ["*"]),
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable? server in (IAsyncDisposable?[])[_apache, _freshet])
        {
            await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }
}
