using Freshet.Coordination.Snapshots;
using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;
using Freshet.Coordination.Watches;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Tests.Watches;

public class EventHistoryTests
{
    private readonly ReplicatedState _state = new();

    [Theory]
    [InlineData(3, 1000)]
    [InlineData(1000, 3 * 2 * 2)]
    public void The_oldest_go_and_the_start_follows(int maxCount, long maxBytes)
    {
        var history = new EventHistory(maxCount, maxBytes, start: 5);
        for (int zxid = 6; zxid <= 10; zxid++)
        {
            history.Add(WatchEventType.NodeDataChanged, "/a", _state.Tree.Root, zxid);
        }

        Assert.Equal(7, history.Start);
        Assert.Equal([8, 9, 10], history.After(7).Select(past => past.Zxid));
        Assert.Equal([10], history.After(9).Select(past => past.Zxid));
    }

    [Fact]
    public void A_history_of_none_begins_now()
    {
        var history = new EventHistory(maxCount: 0, maxBytes: 1000, start: 5);
        history.Add(WatchEventType.NodeDataChanged, "/a", _state.Tree.Root, 6);
        Assert.Equal(6, history.Start);
        Assert.Empty(history.After(6));
    }

    [Fact]
    public void A_change_that_a_snapshot_has_already_begins_the_history_anew()
    {
        var history = new EventHistory(maxCount: 100, maxBytes: 1000, start: 5);
        var events = new RecoveredEvents(history);
        // The snapshot was taken while /gone was deleted: it lacks what the journal changes first.
        new SetDataChange("/zookeeper", null, version: 1).Apply(_state, new Moment(6, 0), events);
        new SetDataChange("/gone", null, version: 1).Apply(_state, new Moment(7, 0), events);
        new DeleteChange("/gone").Apply(_state, new Moment(8, 0), events);
        new SetDataChange("/zookeeper", null, version: 2).Apply(_state, new Moment(9, 0), events);
        Assert.Equal(8, history.Start);
        Assert.Equal([(9L, "/zookeeper")], history.After(8).Select(past => (past.Zxid, past.Path)));
    }
}
