using CsCheck;
using Freshet.Coordination.Client.Watches;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Tests;

public class EventPositionTests
{
    /// <summary>A transaction's events; few paths, so that some are equal.</summary>
    private static readonly Gen<WatchEvent[]> GenTransaction = Gen.Int[0, 2]
        .Select(path => new WatchEvent(WatchEventType.NodeDataChanged, KeeperState.SyncConnected, $"/{path}")).Array[0, 4];

    [Fact]
    public void Events_are_seen_once_wherever_connections_break() =>
        Gen.Select(GenTransaction.Array[0, 20], Gen.Int[0, 7].Array[1, 30]).Sample((transactions, lengths) =>
        {
            (long Zxid, WatchEvent Change)[] all = [.. transactions.SelectMany((events, i) => events.Select(change => (i + 1L, change)))];
            var position = new EventPosition();
            List<(long, WatchEvent)> seen = [];
            foreach (int length in lengths.Append(int.MaxValue))
            {
                // One connection: what happened after the position, until it breaks.
                position.BeginReplay();
                foreach ((long zxid, WatchEvent change) in all.Where(past => past.Zxid > position.Complete).ToArray().Take(length))
                {
                    if (!position.HasSeen(change, zxid))
                    {
                        position.Saw(change, zxid);
                        seen.Add((zxid, change));
                    }
                }
            }

            Assert.Equal(all, seen);
        });

    [Fact]
    public void A_reply_completes_its_transaction_and_all_before()
    {
        var position = new EventPosition();
        var change = new WatchEvent(WatchEventType.NodeCreated, KeeperState.SyncConnected, "/a");
        position.Saw(change, 7);
        Assert.Equal(6, position.Complete);
        position.Reached(7);
        Assert.Equal(7, position.Complete);
        position.Saw(change, -1); // a server that does not say
        position.Reached(5);
        Assert.Equal(7, position.Complete);
    }
}
