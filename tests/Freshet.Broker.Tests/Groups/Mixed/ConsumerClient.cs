using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Tests.Groups.Mixed;

/// <summary>A client of the consumer protocol, which says everything in each heartbeat.</summary>
internal sealed class ConsumerClient(OneGroup server) : IMember
{
    private int _epoch;

    public string Id { get; } = $"{Guid.NewGuid()}";

    public HashSet<int> Owned { get; } = [];

    public void Step()
    {
        ConsumerGroupHeartbeatResponse response = server.Heartbeat(Request(_epoch));
        if (response.Error is ErrorCode.UnknownMemberId or ErrorCode.FencedMemberEpoch)
        {
            Owned.Clear();
            _epoch = 0;
            return;
        }

        Assert.Equal(ErrorCode.None, response.Error);
        _epoch = response.MemberEpoch;
        Owned.Clear();
        Owned.UnionWith(response.Assignment!.SelectMany(topic => topic.Partitions));
    }

    public void Leave()
    {
        Owned.Clear();
        server.Heartbeat(Request(ConsumerGroupHeartbeatRequest.Leave));
    }

    public void LoseConnection()
    {
    }

    private ConsumerGroupHeartbeatRequest Request(int epoch) =>
        new("g", Id, epoch, null, null, 20_000, ["t"], null, null, Owned.Count == 0 ? [] : [new TopicIdPartitions(server.TopicId, [.. Owned])]);
}
