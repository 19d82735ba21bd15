using Freshet.Node;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Tests.Wire;

public sealed class RequestTests : IAsyncLifetime
{
    private FreshetNode _node = null!;
    private RawClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await FreshetNode.StartAsync(new FreshetNodeOptions { Broker = false });
        _client = await RawClient.ConnectAsync(_node.CoordinationConnectString!);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return _node.DisposeAsync();
    }

    [Fact]
    public async Task The_protocols_own_examples_are_answered_byte_by_byte()
    {
        await SendAsync("00000032" + "00000001" + "00000001" + "00000002" + "2f61" + "00000001" + "78" + "00000001" + "0000001f"
            + "00000005" + "776f726c64" + "00000006" + "616e796f6e65" + "00000000");
        Assert.Equal("00000001" + "0000000000000002" + "00000000" + "00000002" + "2f61", await ReceiveAsync());
        await _client.SendAsync(OpCode.Create, Bodies.Create("/a"), xid: 2);
        Assert.Equal("00000002" + "0000000000000003" + "ffffff92", await ReceiveAsync());
        await SendAsync("00000008" + "fffffffe" + "0000000b");
        Assert.Equal("fffffffe" + "0000000000000003" + "00000000", await ReceiveAsync());
        await SendAsync("0000000f" + "00000003" + "00000004" + "00000002" + "2f61" + "01");
        Assert.StartsWith("00000003" + "0000000000000003" + "00000000" + "00000001" + "78", await ReceiveAsync(), StringComparison.Ordinal);
        await _client.SendAsync(OpCode.SetData, Bodies.SetData("/a", "y"), xid: 4);
        Assert.Equal("ffffffff" + "0000000000000004" + "00000000" + "00000003" + "00000003" + "00000002" + "2f61", await ReceiveAsync());
        Assert.StartsWith("00000004" + "0000000000000004" + "00000000", await ReceiveAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_multi_leaves_no_trace_and_says_which_operation_failed()
    {
        (ReplyHeader header, byte[] body) = await _client.CallAsync(OpCode.Multi, Bodies.Multi(
            (OpCode.Create, Bodies.Create("/m1")), (OpCode.Delete, Bodies.Delete("/none")), (OpCode.Create, Bodies.Create("/m2"))));
        Assert.Equal(ErrorCode.Ok, header.Error);
        Assert.Equal(
            "ffffffff" + "00" + "00000000" + "00000000" + "ffffffff" + "00" + "ffffff9b" + "ffffff9b" + "ffffffff" + "00" + "fffffffe" + "fffffffe"
            + "ffffffff" + "01" + "ffffffff",
            Convert.ToHexStringLower(body));
        Assert.Equal(ErrorCode.NoNode, (await _client.CallAsync(OpCode.Exists, Bodies.Read("/m1"))).Header.Error);
    }

    [Fact]
    public async Task A_multi_happens_under_one_zxid_and_answers_each_operation()
    {
        (ReplyHeader header, byte[] body) = await _client.CallAsync(OpCode.Multi, Bodies.Multi(
            (OpCode.Create2, Bodies.Create("/m")), (OpCode.SetData, Bodies.SetData("/m", "new", 0)), (OpCode.Check, Bodies.Delete("/m", 1))));
        var reader = new JuteReader(body);
        Assert.Equal(OpCode.Create2, MultiHeader.Read(ref reader).Type);
        Assert.Equal("/m", reader.ReadPath());
        Assert.Equal((header.Zxid, 0), (Stat.Read(ref reader) is var created ? created.Czxid : 0, created.Version));
        Assert.Equal(OpCode.SetData, MultiHeader.Read(ref reader).Type);
        Assert.Equal((header.Zxid, 1), (Stat.Read(ref reader) is var set ? set.Mzxid : 0, set.Version));
        Assert.Equal(OpCode.Check, MultiHeader.Read(ref reader).Type);
        Assert.Equal(MultiHeader.End, MultiHeader.Read(ref reader));
    }

    [Fact]
    public async Task An_empty_multi_is_answered_with_the_end_marker()
    {
        (_, byte[] body) = await _client.CallAsync(OpCode.Multi, Bodies.Multi());
        Assert.Equal("ffffffff01ffffffff", Convert.ToHexStringLower(body));
    }

    [Fact]
    public async Task A_read_sent_behind_a_write_sees_it_and_replies_keep_the_order_of_requests()
    {
        const int Count = 500;
        await _client.CallAsync(OpCode.Create, Bodies.Create("/counter"));
        List<int> sent = [];
        for (int i = 0; i < Count; i++)
        {
            sent.Add(await _client.SendAsync(OpCode.SetData, Bodies.SetData("/counter", "x", i)));
            sent.Add(await _client.SendAsync(OpCode.Exists, Bodies.Read("/counter")));
        }

        foreach ((int xid, int index) in sent.Select((xid, index) => (xid, index)))
        {
            (ReplyHeader header, byte[] body) = await _client.NextAsync();
            Assert.Equal(xid, header.Xid);
            var reader = new JuteReader(body);
            Assert.Equal((index / 2) + 1, Stat.Read(ref reader).Version);
        }
    }

    [Fact]
    public async Task Events_precede_the_reply_of_the_write_that_caused_them_and_come_once()
    {
        await _client.CallAsync(OpCode.Create, Bodies.Create("/w"));
        await _client.CallAsync(OpCode.GetData, Bodies.Read("/w", watch: true));
        await _client.CallAsync(OpCode.GetChildren, Bodies.Read("/w", watch: true));
        await _client.CallAsync(OpCode.Exists, Bodies.Read("/w/c", watch: true));
        int create = await _client.SendAsync(OpCode.Create, Bodies.Create("/w/c"));
        Assert.Equal(new WatchEvent(WatchEventType.NodeCreated, KeeperState.SyncConnected, "/w/c"), await _client.NextEventAsync());
        Assert.Equal(new WatchEvent(WatchEventType.NodeChildrenChanged, KeeperState.SyncConnected, "/w"), await _client.NextEventAsync());
        Assert.Equal(create, (await _client.NextAsync()).Header.Xid);
        int set = await _client.SendAsync(OpCode.SetData, Bodies.SetData("/w", "1"));
        Assert.Equal(new WatchEvent(WatchEventType.NodeDataChanged, KeeperState.SyncConnected, "/w"), await _client.NextEventAsync());
        Assert.Equal(set, (await _client.NextAsync()).Header.Xid);
        await _client.CallAsync(OpCode.SetData, Bodies.SetData("/w", "2"));
        await _client.CallAsync(OpCode.Delete, Bodies.Delete("/w/c"));
    }

    [Fact]
    public async Task Watches_set_again_after_a_reconnect_tell_what_was_missed_before_the_reply()
    {
        await _client.CallAsync(OpCode.Create, Bodies.Create("/missed"));
        long seen = (await _client.CallAsync(OpCode.Create, Bodies.Create("/same"))).Header.Zxid;
        await _client.CallAsync(OpCode.SetData, Bodies.SetData("/missed", "new"));
        await _client.SendAsync(
            OpCode.SetWatches,
            writer =>
            {
                writer.WriteInt64(seen);
                writer.WriteStrings(["/missed", "/same", "/gone"]);
                writer.WriteStrings(["/missed", "/later"]);
                writer.WriteStrings(["/missed"]);
            },
            ReservedXid.SetWatches);
        Assert.Equal(new WatchEvent(WatchEventType.NodeDataChanged, KeeperState.SyncConnected, "/missed"), await _client.NextEventAsync());
        Assert.Equal(new WatchEvent(WatchEventType.NodeDeleted, KeeperState.SyncConnected, "/gone"), await _client.NextEventAsync());
        Assert.Equal(new WatchEvent(WatchEventType.NodeCreated, KeeperState.SyncConnected, "/missed"), await _client.NextEventAsync());
        Assert.Equal(ReservedXid.SetWatches, (await _client.NextAsync()).Header.Xid);
        await _client.SendAsync(OpCode.Create, Bodies.Create("/later"));
        Assert.Equal("/later", (await _client.NextEventAsync()).Path);
    }

    [Fact]
    public async Task An_unknown_request_is_answered_and_the_connection_closed()
    {
        (ReplyHeader header, _) = await _client.CallAsync((OpCode)999, Bodies.None);
        Assert.Equal((-1L, ErrorCode.Unimplemented), (header.Zxid, header.Error));
        Assert.True(await _client.IsClosedAsync());
    }

    [Fact]
    public async Task A_malformed_request_is_answered_and_the_connection_stays()
    {
        Assert.Equal(ErrorCode.MarshallingError, (await _client.CallAsync(OpCode.Create, writer => writer.WriteInt32(1000))).Header.Error);
        Assert.Equal(ErrorCode.MarshallingError, (await _client.CallAsync(OpCode.GetData, writer => writer.WriteInt32(-7))).Header.Error);
        Assert.Equal(ErrorCode.Ok, (await _client.CallAsync(OpCode.Exists, Bodies.Read("/"))).Header.Error);
    }

    [Theory]
    [InlineData("7fffffff")]
    [InlineData("ffffffff")]
    [InlineData("00200000")]
    public async Task A_frame_of_impossible_length_closes_the_connection(string prefix)
    {
        await SendAsync(prefix);
        Assert.True(await _client.IsClosedAsync());
    }

    [Fact]
    public async Task Frames_may_arrive_in_any_pieces()
    {
        using var writer = new JuteWriter();
        int frame = writer.BeginFrame();
        new RequestHeader(1, OpCode.Create).Write(writer);
        Bodies.Create("/pieces", data: new string('d', 10_000))(writer);
        writer.EndFrame(frame);
        foreach (byte[] piece in writer.WrittenSpan.ToArray().Chunk(1_111))
        {
            await _client.SendAsync(piece);
        }

        Assert.Equal(ErrorCode.Ok, (await _client.NextAsync()).Header.Error);
    }

    private Task SendAsync(string hex) => _client.SendAsync(Convert.FromHexString(hex));

    private async Task<string> ReceiveAsync() => Convert.ToHexStringLower(await _client.ReceiveAsync() ?? []);
}
