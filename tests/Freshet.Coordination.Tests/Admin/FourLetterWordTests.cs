using System.Buffers.Binary;
using System.Text;
using Freshet.Coordination.Tests.Wire;
using Freshet.Node;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Tests.Admin;

public sealed class FourLetterWordTests : IAsyncLifetime
{
    private FreshetNode _node = null!;

    private string Address => _node.CoordinationConnectString!;

    public async ValueTask InitializeAsync() =>
        _node = await FreshetNode.StartAsync(new FreshetNodeOptions { Broker = false, ConfigureCoordination = server => server.FourLetterWords = ["*"] });

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Theory]
    [InlineData("ruok", "^imok$")]
    [InlineData("isro", "^rw$")]
    [InlineData("hash", "^$")]
    [InlineData("srvr", """
        ^Zookeeper version: \d+\.\d+\.\d+.*
        Latency min/avg/max: \d+/\d+\.\d+/\d+
        Received: 1
        Sent: 0
        Connections: 1
        Outstanding: 0
        Zxid: 0x0
        Mode: standalone
        Node count: 4
        $
        """)]
    [InlineData("stat", """
        ^Zookeeper version: .*
        Clients:
         /127\.0\.0\.1:\d+\[1\]\(queued=0,recved=1,sent=0\)

        Latency min
        """)]
    [InlineData("envi", "^Environment:\nzookeeper.version=\\d+\\.\\d+\\.\\d+.*\nhost.name=")]
    [InlineData("conf", "^clientPort=[1-9]\\d+\nsecureClientPort=-1\ndataDir=/.*\ndataDirSize=\\d+\ndataLogDir=/.*\ndataLogSize=\\d+\ntickTime=2000\n")]
    [InlineData("dirs", "^datadir_size: \\d+\nlogdir_size: \\d+\n$")]
    [InlineData("wchs", "^0 connections watching 0 paths\nTotal watches:0\n$")]
    [InlineData("crst", "^Connection stats reset.\n$")]
    [InlineData("srst", "^Server stats reset.\n$")]
    [InlineData("gtmk", "^306$")]
    public async Task A_word_is_answered_as_ZooKeeper_does(string word, string pattern) => Assert.Matches(pattern, await AskAsync(word));

    [Fact]
    public async Task Figures_count_what_clients_do()
    {
        using RawClient client = await RawClient.ConnectAsync(Address);
        await client.CallAsync(OpCode.Create, Bodies.Create("/a", CreateMode.Ephemeral));
        await client.CallAsync(OpCode.Exists, Bodies.Read("/a"));
        Dictionary<string, string> figures = Figures(await AskAsync("mntr"));
        Assert.Equal("standalone", figures["zk_server_state"]);
        Assert.Equal("4", figures["zk_packets_received"]);
        Assert.Equal("3", figures["zk_packets_sent"]);
        Assert.Equal("2", figures["zk_num_alive_connections"]);
        Assert.Equal("5", figures["zk_znode_count"]);
        Assert.Equal("1", figures["zk_ephemerals_count"]);
        Assert.Equal("1", figures["zk_global_sessions"]);
        Assert.Equal("1", figures["zk_cnt_updatelatency"]);
        Assert.Equal("1", figures["zk_cnt_readlatency"]);
        Assert.Equal("1", figures["zk_connection_request_count"]);
        Assert.Matches(@"^\d+\.\d+$", figures["zk_avg_latency"]);
        Assert.True(long.Parse(figures["zk_max_client_response_size"], null) > long.Parse(figures["zk_min_client_response_size"], null));

        await AskAsync("srst");
        figures = Figures(await AskAsync("mntr"));
        Assert.Equal("1", figures["zk_packets_received"]);
        Assert.Equal("0", figures["zk_cnt_readlatency"]);
    }

    [Fact]
    public async Task Connections_tell_what_they_did_last()
    {
        using RawClient client = await RawClient.ConnectAsync(Address, timeout: 10_000);
        await client.CallAsync(OpCode.Create, Bodies.Create("/a", CreateMode.Persistent));
        await client.CallAsync(OpCode.GetData, Bodies.Read("/a"));
        string line = (await AskAsync("cons")).Split('\n').Single(line => line.Contains("sid=", StringComparison.Ordinal));
        Assert.Matches(
            $@"^ /127\.0\.0\.1:\d+\[1\]\(queued=0,recved=3,sent=3,sid=0x{client.Session.SessionId:x},lop=GETD,est=\d{{13}},to=10000,lcxid=0x2,lzxid=0x2,"
            + @"lresp=\d+,llat=\d+,minlat=\d+,avglat=\d+,maxlat=\d+\)$", line);
        await AskAsync("crst");
        Assert.Contains("recved=0,sent=0,sid", await AskAsync("cons"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_is_too_long_is_cut_off()
    {
        await using FreshetNode node = await FreshetNode.StartAsync(new FreshetNodeOptions
        {
            Broker = false,
            ConfigureCoordination = server => (server.FourLetterWords, server.MaxWordAnswerBytes) = (["*"], 1000),
        });
        using RawClient client = await RawClient.ConnectAsync(node.CoordinationConnectString!);
        for (int i = 0; i < 100; i++)
        {
            await client.CallAsync(OpCode.Create, Bodies.Create($"/e-{i:d20}", CreateMode.Ephemeral));
            await client.CallAsync(OpCode.GetData, Bodies.Read($"/e-{i:d20}", watch: true));
        }

        foreach (string word in (string[])["wchc", "wchp", "dump"])
        {
            using RawClient asking = await RawClient.OpenAsync(node.CoordinationConnectString!);
            await asking.SendAsync(Encoding.ASCII.GetBytes(word));
            string answer = await asking.ReadToEndAsync();
            Assert.EndsWith("... cut off after 1000 characters\n", answer, StringComparison.Ordinal);
            Assert.InRange(answer.Length, 1000, 1200);
        }
    }

    [Fact]
    public async Task Watches_and_ephemerals_are_listed_by_session()
    {
        using RawClient client = await RawClient.ConnectAsync(Address);
        await client.CallAsync(OpCode.Create, Bodies.Create("/e", CreateMode.Ephemeral));
        await client.CallAsync(OpCode.GetData, Bodies.Read("/e", watch: true));
        await client.CallAsync(OpCode.GetChildren, Bodies.Read("/", watch: true));
        string session = $"0x{client.Session.SessionId:x}";
        Assert.Equal("1 connections watching 2 paths\nTotal watches:2\n", await AskAsync("wchs"));
        Assert.Equal($"{session}\n\t/e\n\t/\n\n", await AskAsync("wchc"));
        Assert.Equal($"/e\n\t{session}\n/\n\t{session}\n\n", await AskAsync("wchp"));
        string dump = await AskAsync("dump");
        Assert.Matches($@"SessionTracker dump:\nSession Sets \(1\)/\(1\):\n1 expire at .* UTC \d+:\n\t{session}\n", dump);
        Assert.Contains($"Sessions with Ephemerals (1):\n{session}:\n\t/e\nConnections dump:", dump, StringComparison.Ordinal);

        await client.SendAsync(OpCode.CloseSession, Bodies.None);
        while (await client.ReceiveAsync() is not null)
        {
            // The events of the znode that goes, and the reply.
        }

        Assert.Equal("0 connections watching 0 paths\nTotal watches:0\n", await AskAsync("wchs"));
    }

    [Fact]
    public async Task The_trace_mask_is_kept_and_may_come_in_pieces()
    {
        using RawClient client = await RawClient.OpenAsync(Address);
        byte[] mask = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(mask, 64);
        await client.SendAsync([.. "stmk"u8, .. mask[..3]]);
        await client.SendAsync(mask[3..]);
        Assert.Equal("64", await client.ReadToEndAsync());
        Assert.Equal("64", await AskAsync("gtmk"));
    }

    [Fact]
    public async Task Bytes_that_are_no_word_close_the_connection() => Assert.Equal("", await AskAsync("nope"));

    [Theory]
    [InlineData("srvr", "Mode: standalone")]
    [InlineData("ruok", "ruok is not executed because it is not in the whitelist.\n")]
    [InlineData("stmk\0\0\0\0\0\0\0\0", "stmk is not executed because it is not in the whitelist.\n")]
    public async Task By_default_srvr_is_answered_only(string word, string answer)
    {
        await using FreshetNode node = await FreshetNode.StartAsync(new FreshetNodeOptions { Broker = false });
        using RawClient client = await RawClient.OpenAsync(node.CoordinationConnectString!);
        await client.SendAsync(Encoding.ASCII.GetBytes(word));
        Assert.Contains(answer, await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Figures(string mntr) =>
        mntr.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).ToDictionary(pair => pair[0], pair => pair[1]);

    private async Task<string> AskAsync(string word)
    {
        using RawClient client = await RawClient.OpenAsync(Address);
        await client.SendAsync(Encoding.ASCII.GetBytes(word));
        return await client.ReadToEndAsync();
    }
}
