using System.Text;
using Freshet.Coordination.Client.Recipes;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Client.Tests;

/// <summary>A recipe whose create took effect though its reply was lost with the connection.</summary>
public class LostReplyTests
{
    private const int CzxidOfThePlace = 77;
    private readonly StubServer _server = new();

    [Fact]
    public async Task A_place_whose_reply_was_lost_is_found_by_its_name()
    {
        (CoordinationClient client, Task<Ownership> acquiring, string prefix) = await LoseReplyAsync();
        StubConnection second = await _server.AcceptAsync();
        await second.AttachAsync(7, StubConnection.Patience);
        await AnswerAsync(second, OpCode.Sync, writer => writer.WriteString("/lock"));
        await AnswerAsync(second, OpCode.GetChildren2, writer => WriteChildren(writer, $"{prefix}0000000004"));
        await AnswerAsync(second, OpCode.Exists, WriteStat);
        await AnswerAsync(second, OpCode.GetChildren2, writer => WriteChildren(writer, $"{prefix}0000000004"));
        Ownership ownership = await acquiring.WaitAsync(StubConnection.Patience);
        Assert.Equal(($"/lock/{prefix}0000000004", CzxidOfThePlace), (ownership.Path, ownership.FencingToken));
        await ConnectionsClosedAsync(client, second);
    }

    [Fact]
    public async Task A_place_that_was_not_created_is_created_once_more()
    {
        (CoordinationClient client, Task<Ownership> acquiring, string prefix) = await LoseReplyAsync();
        StubConnection second = await _server.AcceptAsync();
        await second.AttachAsync(7, StubConnection.Patience);
        await AnswerAsync(second, OpCode.Sync, writer => writer.WriteString("/lock"));
        await AnswerAsync(second, OpCode.GetChildren2, writer => WriteChildren(writer, "0123456789abcdef0123456789abcdef-0000000001"));
        await AnswerAsync(second, OpCode.Create2, writer =>
        {
            writer.WriteString($"/lock/{prefix}0000000002");
            WriteStat(writer);
        });
        await AnswerAsync(second, OpCode.GetChildren2, writer => WriteChildren(writer, $"{prefix}0000000002"));
        Assert.Equal($"/lock/{prefix}0000000002", (await acquiring.WaitAsync(StubConnection.Patience)).Path);
        await ConnectionsClosedAsync(client, second);
    }

    /// <summary>Begins to acquire a lock; the connection ends once the server has read the create.</summary>
    private async Task<(CoordinationClient Client, Task<Ownership> Acquiring, string Prefix)> LoseReplyAsync()
    {
        Task<CoordinationClient> connecting = CoordinationClient.ConnectAsync(_server.Options(StubConnection.Patience)).AsTask();
        StubConnection first = await _server.AcceptAsync();
        await first.AttachAsync(7, StubConnection.Patience);
        CoordinationClient client = await connecting;
        Task<Ownership> acquiring = new CoordinationLock(client, "/lock").AcquireAsync().AsTask();
        Assert.Equal(OpCode.Create2, (await first.ReadRequestAsync())!.Value.Type);
        string path = Encoding.UTF8.GetString(first.Body.AsSpan(sizeof(int), first.Body[sizeof(int) - 1]));
        await first.CloseAsync();
        return (client, acquiring, path["/lock/".Length..]);
    }

    private static async Task AnswerAsync(StubConnection connection, OpCode expected, Action<JuteWriter> reply)
    {
        RequestHeader request = (await connection.ReadRequestAsync())!.Value;
        Assert.Equal(expected, request.Type);
        await connection.ReplyAsync(request.Xid, ErrorCode.Ok, reply);
    }

    private static async Task ConnectionsClosedAsync(CoordinationClient client, StubConnection connection)
    {
        Task closing = client.DisposeAsync().AsTask();
        await AnswerAsync(connection, OpCode.CloseSession, _ => { });
        await closing.WaitAsync(StubConnection.Patience);
    }

    private static void WriteChildren(JuteWriter writer, params string[] names)
    {
        writer.WriteStrings(names);
        WriteStat(writer);
    }

    private static void WriteStat(JuteWriter writer)
    {
        writer.WriteInt64(CzxidOfThePlace);
        writer.WriteRaw(new byte[60]);
    }
}
