using Freshet.Broker.Cluster;
using Freshet.Broker.Groups;
using Freshet.Broker.Groups.Storage;
using Freshet.Broker.Tests.Groups.Consumers;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Microsoft.Extensions.Time.Testing;

namespace Freshet.Broker.Tests.Groups.Mixed;

/// <summary>The group "g" as the coordinator keeps it, with a list for a disk.</summary>
internal sealed class OneGroup
{
    private readonly FakeTimeProvider _time = new();
    private readonly BrokerOptions _options = new() { DataDirectory = "unused" };
    private readonly List<GroupRecord> _stored = [];
    private ClusterView _view = TestCluster.Of(("t", 5));

    public OneGroup() => Group = new Group("g", _options, _time);

    public Group Group { get; private set; }

    public Guid TopicId => _view.Find("t")!.Id;

    public int Partitions => _view.Find("t")!.PartitionCount;

    public bool HasMember(string id) => Group.Consumer is { } consumer ? consumer.Members.Find(id) is not null : Group.Members.Find(id) is not null;

    public ConsumerGroupHeartbeatResponse Heartbeat(ConsumerGroupHeartbeatRequest request)
    {
        Assert.Null(request.IsJoin ? Group.Conversion.ToConsumer(_view) : null);
        return Stored(Group.Consumer?.Heartbeats.Take(request, "c", "/h", _view) ?? ConsumerGroupHeartbeatResponse.Refused(ErrorCode.UnknownMemberId, ""));
    }

    public Task<JoinGroupResponse> Join(JoinGroupRequest request)
    {
        Group.Conversion.ToClassicIfEmpty();
        return Stored(Group.Consumer is { } consumer ? Task.FromResult(consumer.Classic.Join(request, 9, "c", "/h", _view)) : Group.Join(request, 9, "c", "/h"));
    }

    public Task<SyncGroupResponse> Sync(SyncGroupRequest request)
    {
        if (Group.Consumer is { } consumer)
        {
            return Stored(Task.FromResult(consumer.Classic.Sync(request, _view)));
        }

        Task<SyncGroupResponse> synced = Group.Sync(request, out bool brought);
        if (brought)
        {
            _stored.Add(new MembershipRecord("g", Membership.Of(Group, 0, request.Assignments)));
            Group.CompleteSync(request.GenerationId, request.Assignments);
        }

        return Stored(synced);
    }

    public ErrorCode Heartbeat(HeartbeatRequest request) => Stored(Group.Consumer?.Classic.Heartbeat(request) ?? Group.Heartbeat(request));

    public void Leave(string id) => Stored(Group.Consumer?.Remove(id, null) ?? Group.Leave(new LeavingMember(id, null)));

    public void Grow() => _view = Partitions < 12 ? _view.WithTopic("t", Partitions + 1) : _view;

    public void Pass(TimeSpan time)
    {
        // In steps, as upkeep does.
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Group.Tick();
            Stored(0);
        }
    }

    public void Reload() => Group = StoredGroups.Load(_stored, _options, _time);

    private T Stored<T>(T answer)
    {
        Group.Conversion.DowngradeIfDue(_view);
        _stored.AddRange(Group.Changes.Take());
        if (Group.Consumer is null && Group.Version != Group.StoredVersion && Group.State is GroupState.Empty or GroupState.Stable)
        {
            Group.StoredVersion = Group.Version;
            _stored.Add(new MembershipRecord("g", Membership.Of(Group, 0)));
        }

        return answer;
    }
}
