using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Client.Tests;

/// <summary>What a client does when the other side does not keep to the protocol, or says nothing.</summary>
public class MisbehavingServerTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private readonly StubServer _server = new();

    [Fact]
    public async Task A_reply_out_of_order_ends_the_connection_and_the_session_goes_on()
    {
        (CoordinationClient client, StubConnection first) = await ConnectAsync();
        Task<Stat?> asked = client.ExistsAsync("/a").AsTask();
        RequestHeader request = (await first.ReadRequestAsync())!.Value;
        await first.ReplyAsync(request.Xid + 1, ErrorCode.NoNode);
        Assert.Equal(ErrorCode.ConnectionLoss, (await Assert.ThrowsAsync<CoordinationException>(() => asked)).Error);
        Assert.Null(await first.ReadRequestAsync());
        StubConnection second = await _server.AcceptAsync();
        Assert.Equal(7, second.Handshake.SessionId);
        await CloseAsync(client, second);
    }

    [Fact]
    public async Task A_reply_cut_short_fails_its_request()
    {
        (CoordinationClient client, StubConnection first) = await ConnectAsync();
        Task<ZnodeData> asked = client.GetDataAsync("/a").AsTask();
        RequestHeader request = (await first.ReadRequestAsync())!.Value;
        await first.ReplyAsync(request.Xid, ErrorCode.Ok, writer => writer.WriteInt32(1000));
        CoordinationException failure = await Assert.ThrowsAsync<CoordinationException>(() => asked.WaitAsync(StubConnection.Patience));
        Assert.Equal(ErrorCode.MarshallingError, failure.Error);
        await CloseAsync(client, await _server.AcceptAsync());
    }

    [Fact]
    public async Task A_frame_above_the_limit_is_not_waited_for()
    {
        (CoordinationClient client, StubConnection first) = await ConnectAsync();
        Task<ZnodeData> asked = client.GetDataAsync("/a").AsTask();
        await first.ReadRequestAsync();
        await first.WriteRawAsync([0x7F, 0xFF, 0xFF, 0xFF]);
        Assert.Equal(ErrorCode.ConnectionLoss, (await Assert.ThrowsAsync<CoordinationException>(() => asked.WaitAsync(StubConnection.Patience))).Error);
        await CloseAsync(client, await _server.AcceptAsync());
    }

    [Fact]
    public async Task A_refused_session_is_expired()
    {
        (CoordinationClient client, StubConnection first) = await ConnectAsync();
        var watch = new ZnodeWatch();
        Task<Stat?> asked = client.ExistsAsync("/a", watch).AsTask();
        RequestHeader request = (await first.ReadRequestAsync())!.Value;
        await first.ReplyAsync(request.Xid, ErrorCode.NoNode);
        Assert.Null(await asked);
        await first.CloseAsync();
        await (await _server.AcceptAsync()).AttachAsync(0, TimeSpan.Zero);
        Assert.Equal(ErrorCode.SessionExpired, (await Assert.ThrowsAsync<CoordinationException>(() => watch.Fired.WaitAsync(StubConnection.Patience))).Error);
        Assert.Equal(ConnectionState.Expired, client.State);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_service_that_wants_to_know_who_it_is_ends_the_session()
    {
        (CoordinationClient client, StubConnection first) = await ConnectAsync();
        var watch = new ZnodeWatch();
        Task<Stat?> asked = client.ExistsAsync("/a", watch).AsTask();
        await first.ReplyAsync((await first.ReadRequestAsync())!.Value.Xid, ErrorCode.NoNode);
        await asked;
        asked = client.ExistsAsync("/a").AsTask();
        await first.ReplyAsync((await first.ReadRequestAsync())!.Value.Xid, ErrorCode.SessionClosedRequireSaslAuth);
        await first.CloseAsync();
        Assert.Equal(ErrorCode.SessionClosedRequireSaslAuth, (await Assert.ThrowsAsync<CoordinationException>(() => asked)).Error);
        Assert.Equal(
            ErrorCode.SessionClosedRequireSaslAuth, (await Assert.ThrowsAsync<CoordinationException>(() => watch.Fired.WaitAsync(StubConnection.Patience))).Error);
        Assert.Equal(ConnectionState.AuthFailed, client.State);
        Assert.True(client.SessionOver.IsCancellationRequested);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Watches_are_set_again_before_anything_else_is_asked()
    {
        (CoordinationClient client, StubConnection first) = await ConnectAsync();
        Task<Stat?> watching = client.ExistsAsync("/a", new ZnodeWatch()).AsTask();
        await first.ReplyAsync((await first.ReadRequestAsync())!.Value.Xid, ErrorCode.NoNode);
        await watching;
        await first.CloseAsync();
        StubConnection second = await _server.AcceptAsync();
        Task<Stat?> asked = client.ExistsAsync("/b").AsTask();
        await second.AttachAsync(7, Timeout);
        Assert.Equal(new RequestHeader(ReservedXid.SetWatches, OpCode.SetWatches), await second.ReadRequestAsync());
        RequestHeader request = (await second.ReadRequestAsync())!.Value;
        Assert.Equal(OpCode.Exists, request.Type);
        await second.ReplyAsync(ReservedXid.SetWatches, ErrorCode.Ok);
        await second.ReplyAsync(request.Xid, ErrorCode.NoNode);
        Assert.Null(await asked);
        await CloseAsync(client, null, second);
    }

    [Fact]
    public async Task Requests_beyond_the_limit_fail_at_once()
    {
        CoordinationClientOptions options = _server.Options(Timeout);
        options.MaxPendingRequests = 2;
        Task<CoordinationClient> connecting = CoordinationClient.ConnectAsync(options).AsTask();
        StubConnection first = await _server.AcceptAsync();
        await first.AttachAsync(7, Timeout);
        CoordinationClient client = await connecting;
        Task<Stat?>[] taken = [client.ExistsAsync("/a").AsTask(), client.ExistsAsync("/b").AsTask()];
        CoordinationException refusal = await Assert.ThrowsAsync<CoordinationException>(async () => await client.ExistsAsync("/c"));
        Assert.Equal(ErrorCode.ThrottledOp, refusal.Error);
        foreach (Task<Stat?> one in taken)
        {
            await first.ReplyAsync((await first.ReadRequestAsync())!.Value.Xid, ErrorCode.NoNode);
            Assert.Null(await one);
        }

        await CloseAsync(client, null, first);
    }

    [Fact]
    public async Task Nobody_answering_ends_the_wait_with_a_reason()
    {
        CoordinationClientOptions options = new() { ConnectString = "127.0.0.1:1", ConnectTimeout = TimeSpan.FromMilliseconds(200) };
        CoordinationException failure = await Assert.ThrowsAsync<CoordinationException>(async () => await CoordinationClient.ConnectAsync(options));
        Assert.Equal(ErrorCode.ConnectionLoss, failure.Error);
        Assert.Contains("127.0.0.1:1", failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.InnerException);
    }

    private async Task<(CoordinationClient Client, StubConnection Connection)> ConnectAsync()
    {
        Task<CoordinationClient> connecting = CoordinationClient.ConnectAsync(_server.Options(Timeout)).AsTask();
        StubConnection connection = await _server.AcceptAsync();
        Assert.Equal(0, connection.Handshake.SessionId);
        await connection.AttachAsync(7, Timeout);
        return (await connecting, connection);
    }

    /// <summary>Lets the client close its session properly.</summary>
    private static async Task CloseAsync(CoordinationClient client, StubConnection? toAttach, StubConnection? attached = null)
    {
        if (toAttach is not null)
        {
            await toAttach.AttachAsync(7, Timeout);
            await foreach (ConnectionState state in client.StatesAsync())
            {
                if (state == ConnectionState.Connected)
                {
                    break;
                }
            }
        }

        StubConnection connection = (toAttach ?? attached)!;
        Task closing = client.DisposeAsync().AsTask();
        RequestHeader? request = await connection.ReadRequestAsync();
        Assert.Equal(OpCode.CloseSession, request!.Value.Type);
        await connection.ReplyAsync(request.Value.Xid, ErrorCode.Ok);
        await closing.WaitAsync(StubConnection.Patience);
    }
}
