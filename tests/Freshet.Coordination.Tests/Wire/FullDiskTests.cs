using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;
using Freshet.Tests.Support;

namespace Freshet.Coordination.Tests.Wire;

public sealed class FullDiskTests : IDisposable
{
    private const int NoSpace = 28;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(2);
    private readonly TemporaryFolder _folder = new();
    private volatile int _error;
    private int _writes;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Writes_are_refused_and_reads_go_on_until_space_returns()
    {
        var log = new WarningLog();
        await using TestServer server = await StartAsync(log);
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        long before = (await client.CallAsync(OpCode.Create, Bodies.Create("/kept", data: "old"))).Header.Zxid;
        await client.CallAsync(OpCode.GetData, Bodies.Read("/kept", watch: true));
        _error = NoSpace;
        (ReplyHeader refused, byte[] body) = await client.CallAsync(OpCode.SetData, Bodies.SetData("/kept", "new"));
        Assert.Equal((before, ErrorCode.NotReadOnly, 0), (refused.Zxid, refused.Error, body.Length));
        Assert.Equal("ro", await AskAsync(server, "isro"));
        Assert.Contains("Mode: read-only", await AskAsync(server, "srvr"), StringComparison.Ordinal);
        int writes = _writes;
        Assert.Equal(ErrorCode.NotReadOnly, await client.ErrorOfAsync(OpCode.Create, Bodies.Create("/refused")));
        Assert.Equal(ErrorCode.NotReadOnly, await client.ErrorOfAsync(OpCode.Multi, Bodies.Multi((OpCode.Delete, Bodies.Delete("/kept")))));
        Assert.Equal(writes, _writes);
        (ReplyHeader read, byte[] data) = await client.CallAsync(OpCode.GetData, Bodies.Read("/kept"));
        Assert.Equal((before, "old"), (read.Zxid, Text(data)));
        _error = 0;
        await server.PassAsync(Tick, client);
        (ReplyHeader header, _) = await ReplyBehindEventAsync(client, await client.SendAsync(OpCode.SetData, Bodies.SetData("/kept", "new", version: 0)));
        Assert.Equal((before + 1, ErrorCode.Ok), (header.Zxid, header.Error));
        Assert.Equal("rw", await AskAsync(server, "isro"));
        Assert.Contains("Mode: standalone", await AskAsync(server, "srvr"), StringComparison.Ordinal);
        Assert.Single(log.Warnings, line => line.Contains("disk is full", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_the_disk_stays_full_every_tick_tries_again_and_fails_again()
    {
        var log = new WarningLog();
        await using TestServer server = await StartAsync(log);
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        _error = NoSpace;
        for (int i = 0; i < 5; i++)
        {
            int writes = _writes;
            Assert.Equal(ErrorCode.NotReadOnly, await client.ErrorOfAsync(OpCode.Create, Bodies.Create("/n")));
            Assert.Equal(writes + 1, _writes);
            await server.PassAsync(Tick, client);
        }

        Assert.Single(log.Warnings, line => line.Contains("disk is full", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pipeline_of_reads_and_writes_is_answered_in_order_and_what_was_refused_left_no_trace()
    {
        await using (TestServer server = await StartAsync())
        {
            using RawClient client = await RawClient.ConnectAsync(server.Address);
            await client.CallAsync(OpCode.Create, Bodies.Create("/p", data: ""));
            _error = NoSpace;
            List<int> sent = [];
            for (int i = 0; i < 200; i++)
            {
                sent.Add(await client.SendAsync(OpCode.Create, Bodies.Create("/p/s-", CreateMode.PersistentSequential)));
                sent.Add(await client.SendAsync(OpCode.Exists, Bodies.Read("/p")));
            }

            foreach ((int xid, int index) in sent.Select((xid, index) => (xid, index)))
            {
                (ReplyHeader header, _) = await client.NextAsync();
                Assert.Equal((xid, index % 2 == 0 ? ErrorCode.NotReadOnly : ErrorCode.Ok), (header.Xid, header.Error));
            }

            _error = 0;
            await server.PassAsync(Tick, client);
            (_, byte[] body) = await client.CallAsync(OpCode.Create, Bodies.Create("/p/s-", CreateMode.PersistentSequential));
            var reader = new JuteReader(body);
            Assert.Equal("/p/s-0000000000", reader.ReadPath());
        }

        await using TestServer again = await StartAsync();
        using RawClient after = await RawClient.ConnectAsync(again.Address);
        Assert.Equal(ErrorCode.Ok, await after.ErrorOfAsync(OpCode.Exists, Bodies.Read("/p/s-0000000000")));
        Assert.Equal(ErrorCode.NoNode, await after.ErrorOfAsync(OpCode.Exists, Bodies.Read("/p/s-0000000001")));
    }

    [Fact]
    public async Task Sessions_neither_open_nor_end_on_a_full_disk_but_go_on()
    {
        await using TestServer server = await StartAsync();
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        using RawClient silent = await RawClient.ConnectAsync(server.Address, timeout: 4_000);
        await silent.CallAsync(OpCode.Create, Bodies.Create("/temporary", CreateMode.Ephemeral));
        _error = NoSpace;
        using RawClient late = await RawClient.ConnectAsync(server.Address);
        Assert.Null(late.Handshake);
        await server.PassAsync(5 * Tick, client);
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.Exists, Bodies.Read("/temporary", watch: true)));
        using RawClient moved = await client.AttachAgainAsync(server.Address);
        Assert.Equal(client.Session.SessionId, moved.Session.SessionId);
        Assert.Equal(ErrorCode.Ok, await moved.ErrorOfAsync(OpCode.Exists, Bodies.Read("/temporary", watch: true)));
        _error = 0;
        await server.PassAsync(5 * Tick, moved);
        Assert.Equal(WatchEventType.NodeDeleted, (await moved.NextEventAsync()).Type);
    }

    [Fact]
    public async Task Any_other_failure_stops_the_server()
    {
        await using TestServer server = await StartAsync();
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        _error = 5;
        await client.SendAsync(OpCode.Create, Bodies.Create("/lost"));
        Assert.True(await client.IsClosedAsync());
        _error = 0;
        using RawClient late = await RawClient.ConnectAsync(server.Address);
        Assert.Null(late.Handshake);
    }

    private Task<TestServer> StartAsync(WarningLog? log = null) => TestServer.StartAsync(_folder, loggers: log, configure: options =>
    {
        options.FourLetterWords = ["*"];
        options.JournalWrite = Write;
    });

    private void Write(Microsoft.Win32.SafeHandles.SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        Interlocked.Increment(ref _writes);
        int error = _error;
        RandomAccess.Write(file, error == 0 ? bytes : bytes[..(bytes.Length / 2)], offset);
        if (error != 0)
        {
            throw new IOException("The test's disk fails.", error);
        }
    }

    private static async Task<string> AskAsync(TestServer server, string word)
    {
        using RawClient client = await RawClient.OpenAsync(server.Address);
        await client.SendAsync(System.Text.Encoding.ASCII.GetBytes(word));
        return await client.ReadToEndAsync();
    }

    private static async Task<(ReplyHeader Header, byte[] Body)> ReplyBehindEventAsync(RawClient client, int xid)
    {
        Assert.Equal(WatchEventType.NodeDataChanged, (await client.NextEventAsync()).Type);
        (ReplyHeader Header, byte[] Body) reply = await client.NextAsync();
        Assert.Equal(xid, reply.Header.Xid);
        return reply;
    }

    private static string Text(byte[] body)
    {
        var reader = new JuteReader(body);
        return System.Text.Encoding.UTF8.GetString(reader.ReadBuffer(out _));
    }
}
