using Freshet.Node;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Tests.Wire;

public sealed class SessionTests : IAsyncLifetime
{
    private FreshetNode _node = null!;

    private string Address => _node.CoordinationConnectString!;

    public async ValueTask InitializeAsync() => _node = await FreshetNode.StartAsync(new FreshetNodeOptions { Broker = false });

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task The_session_request_of_the_protocol_is_answered_byte_by_byte()
    {
        using RawClient client = await RawClient.OpenAsync(Address);
        await client.SendAsync(Convert.FromHexString(
            "0000002d" + "00000000" + "0000000000000000" + "00002710" + "0000000000000000" + "00000010" + "00000000000000000000000000000000" + "00"));
        byte[]? answer = await client.ReceiveAsync();
        Assert.NotNull(answer);
        Assert.Equal(37, answer.Length);
        Assert.Equal("0000000000002710", Convert.ToHexString(answer[..8]));
        Assert.Equal("00000010", Convert.ToHexString(answer[16..20]));
        Assert.Equal(0, answer[36]);
    }

    [Fact]
    public async Task A_client_that_does_not_know_the_read_only_byte_gets_a_reply_without_it()
    {
        using RawClient client = await RawClient.ConnectAsync(Address, new ConnectRequest(0, 10_000, 0, new byte[16], ReadOnly: null));
        Assert.Equal(36, client.Handshake?.Length);
    }

    [Theory]
    [InlineData(1, 4_000)]
    [InlineData(10_000, 10_000)]
    [InlineData(1_000_000_000, 40_000)]
    public async Task The_timeout_is_clamped_to_two_and_twenty_ticks(int asked, int given)
    {
        using RawClient client = await RawClient.ConnectAsync(Address, asked);
        Assert.Equal(given, client.Session.TimeoutMs);
    }

    [Fact]
    public async Task A_client_that_has_seen_more_than_this_server_is_sent_away()
    {
        using RawClient client = await RawClient.ConnectAsync(Address, new ConnectRequest(1L << 60, 10_000, 0, new byte[16], ReadOnly: false));
        Assert.Null(client.Handshake);
    }

    [Fact]
    public async Task A_session_moves_to_a_new_connection_and_the_old_one_is_closed()
    {
        using RawClient first = await RawClient.ConnectAsync(Address);
        await first.CallAsync(OpCode.Create, Bodies.Create("/mine", CreateMode.Ephemeral));
        using RawClient second = await first.AttachAgainAsync(Address);
        Assert.Equal(first.Session.SessionId, second.Session.SessionId);
        Assert.True(await first.IsClosedAsync());
        (ReplyHeader header, _) = await second.CallAsync(OpCode.Exists, Bodies.Read("/mine"));
        Assert.Equal(ErrorCode.Ok, header.Error);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_and_the_owner_is_not_disturbed()
    {
        using RawClient owner = await RawClient.ConnectAsync(Address);
        using RawClient thief = await owner.AttachAgainAsync(Address, Enumerable.Repeat((byte)1, 16).ToArray());
        Assert.Equal(new ConnectResponse(0, 0, thief.Session.Password, ReadOnly: false), thief.Session);
        Assert.All(thief.Session.Password!, value => Assert.Equal(0, value));
        Assert.True(await thief.IsClosedAsync());
        (ReplyHeader pong, _) = await owner.CallAsync(OpCode.Ping, Bodies.None, ReservedXid.Ping);
        Assert.Equal(ErrorCode.Ok, pong.Error);
    }

    [Fact]
    public async Task An_unknown_session_is_refused()
    {
        using RawClient client = await RawClient.ConnectAsync(Address, new ConnectRequest(0, 10_000, 0x1234567, new byte[16], ReadOnly: false));
        Assert.Equal(0, client.Session.SessionId);
        Assert.Equal(0, client.Session.TimeoutMs);
    }

    [Fact]
    public async Task Closing_a_session_answers_closes_and_removes_its_ephemeral_znodes()
    {
        using RawClient other = await RawClient.ConnectAsync(Address);
        using RawClient client = await RawClient.ConnectAsync(Address);
        await client.CallAsync(OpCode.Create, Bodies.Create("/gone-with-me", CreateMode.Ephemeral));
        (ReplyHeader header, _) = await client.CallAsync(OpCode.CloseSession, Bodies.None);
        Assert.Equal(ErrorCode.Ok, header.Error);
        Assert.True(await client.IsClosedAsync());
        Assert.Equal(ErrorCode.NoNode, (await other.CallAsync(OpCode.Exists, Bodies.Read("/gone-with-me"))).Header.Error);
        using RawClient again = await client.AttachAgainAsync(Address);
        Assert.Equal(0, again.Session.SessionId);
    }

    [Fact]
    public async Task A_client_that_hangs_up_right_behind_its_last_request_harms_nobody()
    {
        for (int i = 0; i < 20; i++)
        {
            using RawClient rude = await RawClient.ConnectAsync(Address);
            await rude.SendAsync(OpCode.Create, Bodies.Create($"/rude{i}", CreateMode.Ephemeral));
            await rude.SendAsync(OpCode.GetData, Bodies.Read($"/rude{i}"));
            await rude.SendAsync(OpCode.CloseSession, Bodies.None);
        }

        using RawClient client = await RawClient.ConnectAsync(Address);
        Assert.Equal(ErrorCode.Ok, (await client.CallAsync(OpCode.Exists, Bodies.Read("/"))).Header.Error);
    }
}
