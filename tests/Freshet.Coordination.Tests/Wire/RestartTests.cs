using Freshet.Node;
using Freshet.Protocol.Jute;
using Freshet.Tests.Support;

namespace Freshet.Coordination.Tests.Wire;

public sealed class RestartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Znodes_sessions_and_zxids_go_on_after_a_restart()
    {
        RawClient before;
        long zxid;
        await using (FreshetNode node = await StartAsync())
        {
            before = await RawClient.ConnectAsync(node.CoordinationConnectString!);
            await before.CallAsync(OpCode.Create, Bodies.Create("/stays", CreateMode.Ephemeral, "data"));
            zxid = (await before.CallAsync(OpCode.Create, Bodies.Create("/s-", CreateMode.PersistentSequential))).Header.Zxid;
        }

        await using FreshetNode again = await StartAsync();
        using RawClient after = await before.AttachAgainAsync(again.CoordinationConnectString!);
        before.Dispose();
        Assert.Equal(before.Session.SessionId, after.Session.SessionId);
        (Freshet.Protocol.Jute.Messages.ReplyHeader header, byte[] body) = await after.CallAsync(OpCode.GetData, Bodies.Read("/stays"));
        Assert.Equal(ErrorCode.Ok, header.Error);
        var reader = new JuteReader(body);
        Assert.Equal("data"u8, reader.ReadBuffer(out _));
        Assert.Equal(before.Session.SessionId, Stat.Read(ref reader).EphemeralOwner);
        Assert.True((await after.CallAsync(OpCode.Create, Bodies.Create("/later"))).Header.Zxid > zxid);
    }

    private ValueTask<FreshetNode> StartAsync() => FreshetNode.StartAsync(new FreshetNodeOptions { Broker = false, DataDirectory = _folder.Path });
}
