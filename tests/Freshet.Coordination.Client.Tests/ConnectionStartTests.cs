using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Client.Tests;

/// <summary>What a client sends for persistent watches and credentials, now and at the start of the next connection.</summary>
public class ConnectionStartTests
{
    private readonly StubServer _server = new();

    [Fact]
    public async Task Credentials_go_first_and_watches_second()
    {
        (CoordinationClient client, StubConnection first) = await ConnectAsync();
        Task proving = client.AddAuthAsync("digest", "u:p"u8.ToArray()).AsTask();
        Assert.Equal(new RequestHeader(ReservedXid.Auth, OpCode.Auth), await first.ReadRequestAsync());
        Assert.Equal(Convert.FromHexString("0000000000000006646967657374" + "00000003753a70"), first.Body);
        await first.ReplyAsync(ReservedXid.Auth, ErrorCode.Ok);
        await proving;
        await using IAsyncEnumerator<WatchEvent> events = client.WatchEventsAsync("/a", AddWatchMode.PersistentRecursive).GetAsyncEnumerator();
        Task<bool> set = events.MoveNextAsync().AsTask();
        RequestHeader adding = (await first.ReadRequestAsync())!.Value;
        Assert.Equal(OpCode.AddWatch, adding.Type);
        await first.ReplyAsync(adding.Xid, ErrorCode.Ok, writer => writer.WriteInt32(0));
        Assert.True(await set);
        await first.CloseAsync();

        StubConnection second = await _server.AcceptAsync();
        Task<Stat?> asked = client.ExistsAsync("/b").AsTask();
        await second.AttachAsync(7, StubConnection.Patience);
        Assert.Equal(new RequestHeader(ReservedXid.Auth, OpCode.Auth), await second.ReadRequestAsync());
        Assert.Equal(new RequestHeader(ReservedXid.SetWatches, OpCode.SetWatches2), await second.ReadRequestAsync());
        RequestHeader request = (await second.ReadRequestAsync())!.Value;
        Assert.Equal(OpCode.Exists, request.Type);
        // The answer to credentials may overtake others.
        await second.ReplyAsync(request.Xid, ErrorCode.NoNode);
        await second.ReplyAsync(ReservedXid.Auth, ErrorCode.Ok);
        await second.ReplyAsync(ReservedXid.SetWatches, ErrorCode.Ok);
        Assert.Null(await asked);
        Assert.True(await events.MoveNextAsync());
        await CloseAsync(client, second);
    }

    [Fact]
    public async Task Refused_credentials_are_not_sent_again()
    {
        (CoordinationClient client, StubConnection first) = await ConnectAsync();
        Task proving = client.AddAuthAsync("digest", "u:p"u8.ToArray()).AsTask();
        await first.ReadRequestAsync();
        await first.ReplyAsync(ReservedXid.Auth, ErrorCode.AuthFailed);
        Assert.Equal(ErrorCode.AuthFailed, (await Assert.ThrowsAsync<CoordinationException>(() => proving)).Error);
        await first.CloseAsync();
        StubConnection second = await _server.AcceptAsync();
        Task<Stat?> asked = client.ExistsAsync("/b").AsTask();
        await second.AttachAsync(7, StubConnection.Patience);
        RequestHeader request = (await second.ReadRequestAsync())!.Value;
        Assert.Equal(OpCode.Exists, request.Type);
        await second.ReplyAsync(request.Xid, ErrorCode.NoNode);
        await asked;
        await CloseAsync(client, second);
    }

    [Fact]
    public async Task The_last_reader_to_leave_removes_the_watch()
    {
        (CoordinationClient client, StubConnection connection) = await ConnectAsync();
        IAsyncEnumerator<WatchEvent>[] readers =
            [.. Enumerable.Range(0, 2).Select(_ => client.WatchEventsAsync("/a", AddWatchMode.PersistentRecursive).GetAsyncEnumerator())];
        foreach (IAsyncEnumerator<WatchEvent> reader in readers)
        {
            Task<bool> set = reader.MoveNextAsync().AsTask();
            await connection.ReplyAsync((await connection.ReadRequestAsync())!.Value.Xid, ErrorCode.Ok, writer => writer.WriteInt32(0));
            Assert.True(await set);
        }

        await readers[0].DisposeAsync();
        Task<Stat?> between = client.ExistsAsync("/b").AsTask();
        RequestHeader request = (await connection.ReadRequestAsync())!.Value;
        Assert.Equal(OpCode.Exists, request.Type);
        await connection.ReplyAsync(request.Xid, ErrorCode.NoNode);
        await between;
        await readers[1].DisposeAsync();
        RequestHeader removal = (await connection.ReadRequestAsync())!.Value;
        Assert.Equal(OpCode.RemoveWatches, removal.Type);
        Assert.Equal(Convert.FromHexString("00000002" + "2f61" + "00000005"), connection.Body);
        await connection.ReplyAsync(removal.Xid, ErrorCode.Ok);
        await CloseAsync(client, connection);
    }

    private async Task<(CoordinationClient Client, StubConnection Connection)> ConnectAsync()
    {
        Task<CoordinationClient> connecting = CoordinationClient.ConnectAsync(_server.Options(StubConnection.Patience)).AsTask();
        StubConnection connection = await _server.AcceptAsync();
        await connection.AttachAsync(7, StubConnection.Patience);
        return (await connecting, connection);
    }

    private static async Task CloseAsync(CoordinationClient client, StubConnection connection)
    {
        Task closing = client.DisposeAsync().AsTask();
        RequestHeader? request = await connection.ReadRequestAsync();
        Assert.Equal(OpCode.CloseSession, request!.Value.Type);
        await connection.ReplyAsync(request.Value.Xid, ErrorCode.Ok);
        await closing.WaitAsync(StubConnection.Patience);
    }
}
