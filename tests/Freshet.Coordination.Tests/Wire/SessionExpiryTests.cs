using Freshet.Coordination.Sessions;
using Freshet.Node;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;
using Microsoft.Extensions.Time.Testing;

namespace Freshet.Coordination.Tests.Wire;

public class SessionExpiryTests
{
    [Fact]
    public void A_session_lives_between_its_timeout_and_one_tick_more()
    {
        var expiry = new SessionExpiry(tick: 100);
        var session = new Session(1, timeout: 250);
        expiry.Touch(session, now: 1_010);
        Assert.Empty(expiry.TakeExpired(1_260));
        Assert.Equal([session], expiry.TakeExpired(1_300));
        Assert.Empty(expiry.TakeExpired(9_999));
    }

    [Fact]
    public void Hearing_from_the_client_starts_the_timeout_anew()
    {
        var expiry = new SessionExpiry(tick: 100);
        var session = new Session(1, timeout: 200);
        expiry.Touch(session, now: 0);
        expiry.Touch(session, now: 250);
        Assert.Empty(expiry.TakeExpired(300));
        Assert.Equal([session], expiry.TakeExpired(500));
    }

    [Fact]
    public async Task A_silent_client_loses_its_session_and_everyone_sees_its_ephemeral_znode_go()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        await using FreshetNode node = await FreshetNode.StartAsync(new FreshetNodeOptions { Broker = false }, time: time);
        using RawClient silent = await RawClient.ConnectAsync(node.CoordinationConnectString!, timeout: 4_000);
        using RawClient watcher = await RawClient.ConnectAsync(node.CoordinationConnectString!, timeout: 40_000);
        await silent.CallAsync(OpCode.Create, Bodies.Create("/silent", CreateMode.Ephemeral));
        await watcher.CallAsync(OpCode.Exists, Bodies.Read("/silent", watch: true));
        List<WatchEvent> events = [];
        for (int tick = 0; tick < 4; tick++)
        {
            // The answer to the ping shows that the tick before it was handled.
            time.Advance(TimeSpan.FromSeconds(2));
            await watcher.SendAsync(OpCode.Ping, Bodies.None, ReservedXid.Ping);
            (ReplyHeader header, byte[] body) = await watcher.NextAsync();
            if (header.Xid == ReservedXid.Notification)
            {
                var reader = new JuteReader(body);
                events.Add(WatchEvent.Read(ref reader));
                (header, _) = await watcher.NextAsync();
            }

            Assert.Equal(ReservedXid.Ping, header.Xid);
        }

        if (events.Count == 0)
        {
            events.Add(await watcher.NextEventAsync()); // its transaction was still on its way to the disk
        }

        Assert.Equal([new WatchEvent(WatchEventType.NodeDeleted, KeeperState.SyncConnected, "/silent")], events);
        Assert.True(await silent.IsClosedAsync());
    }
}
