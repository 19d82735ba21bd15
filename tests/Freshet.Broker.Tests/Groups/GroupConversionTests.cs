using Freshet.Broker.Cluster;
using Freshet.Broker.Groups;
using Freshet.Broker.Groups.Consumers;
using Freshet.Broker.Groups.Migration;
using Freshet.Broker.Groups.Offsets;
using Freshet.Broker.Tests.Groups.Consumers;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Microsoft.Extensions.Time.Testing;

namespace Freshet.Broker.Tests.Groups;

/// <summary>A group between the two protocols, without a socket.</summary>
public class GroupConversionTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly BrokerOptions _options = new() { DataDirectory = "unused" };
    private readonly ClusterView _view = TestCluster.Of(("t", 4));
    private Group _group;

    public GroupConversionTests() => _group = new Group("g", _options, _time);

    [Fact]
    public async Task A_classic_member_keeps_what_it_has_and_is_led_to_its_share_by_joining_again()
    {
        string classic = await ClassicAsync();
        ConsumerGroupHeartbeatResponse joined = Upgrade();
        Assert.Equal((ErrorCode.None, 2, 0), (joined.Error, joined.MemberEpoch, joined.Assignment!.Count));
        Assert.Equal(ErrorCode.RebalanceInProgress, Heartbeat(classic, 1));
        Assert.Equal(ErrorCode.RebalanceInProgress, Sync(classic, 1).Error);

        // It still has everything, and first learns what to give up.
        JoinGroupResponse again = Join(classic, 0, 1, 2, 3);
        Assert.Equal((ErrorCode.None, 1, "", "range"), (again.Error, again.GenerationId, again.Leader, again.ProtocolName));
        int[] kept = Partitions(Sync(classic, 1));
        Assert.Equal(2, kept.Length);
        Assert.Null(Beat("new", 2).Assignment);
        Assert.Equal(ErrorCode.RebalanceInProgress, Heartbeat(classic, 1));
        Assert.Equal(2, Join(classic, kept).GenerationId);
        Assert.Equal(kept, Partitions(Sync(classic, 2)));
        Assert.Equal(ErrorCode.None, Heartbeat(classic, 2));
        Assert.Equal([0, 1, 2, 3], Assert.Single(Beat("new", 2).Assignment!).Partitions.Concat(kept).Order());
        Assert.Equal(ConsumerGroupState.Stable, _group.Consumer!.State);
    }

    [Fact]
    public async Task A_classic_member_that_waits_for_others_is_told_to_join_when_they_have_given_up_their_partitions()
    {
        string first = await ClassicAsync();
        Upgrade();
        Assert.Equal(3, Join("second").GenerationId);
        Assert.Empty(Partitions(Sync("second", 3)));
        Assert.Equal(ErrorCode.None, Heartbeat("second", 3));
        Assert.Equal(3, Join(first).GenerationId);
        Assert.Equal(ErrorCode.RebalanceInProgress, Heartbeat("second", 3));
        Assert.Equal(3, Join("second").GenerationId);
        int[] others = [.. Partitions(Sync(first, 3)), .. Assert.Single(Beat("new", 2).Assignment!).Partitions];
        Assert.Equal([0, 1, 2, 3], Partitions(Sync("second", 3)).Concat(others).Order());
    }

    [Fact]
    public async Task The_last_member_of_the_consumer_protocol_leaves_a_classic_group_that_rebalances()
    {
        string classic = await ClassicAsync();
        Upgrade();
        Assert.Equal(2, Join(classic).GenerationId);
        Sync(classic, 2);
        Beat("new", -1);
        _group.Conversion.DowngradeIfDue(_view);
        Assert.Null(_group.Consumer);
        Assert.Equal((GroupState.PreparingRebalance, 2), (_group.State, _group.Generation));
        Assert.Equal(ErrorCode.RebalanceInProgress, Heartbeat(classic, 2));
        JoinGroupResponse again = await JoinClassic(classic);
        Assert.Equal((ErrorCode.None, 3, classic), (again.Error, again.GenerationId, again.Leader));
    }

    [Fact]
    public async Task A_group_that_just_became_classic_still_rebalances_when_it_is_loaded()
    {
        string classic = await ClassicAsync();
        Upgrade();
        Join(classic);
        Sync(classic, 2);
        Beat("new", -1);
        _group.Conversion.DowngradeIfDue(_view);
        _group = StoredGroups.Load(_group.Changes.Take(), _options, _time);
        Assert.Null(_group.Consumer);
        Assert.Equal(ErrorCode.RebalanceInProgress, Heartbeat(classic, 2));
        Assert.Equal(2, EmbeddedAssignment.TryRead(_group.Members.Find(classic)!.Assignment)!.Partitions[0].Partitions.Length);
        Assert.Equal(3, (await JoinClassic(classic)).GenerationId);
    }

    [Fact]
    public async Task A_mixed_group_that_is_loaded_goes_on_where_it_was()
    {
        string classic = await ClassicAsync();
        Upgrade();
        Assert.Equal(1, Join(classic, 0, 1, 2, 3).GenerationId);
        int[] kept = Partitions(Sync(classic, 1));
        _group = StoredGroups.Load(_group.Changes.Take(), _options, _time);
        Assert.Equal(ErrorCode.RebalanceInProgress, Heartbeat(classic, 1));
        Assert.Equal(kept, Partitions(Sync(classic, 1)));
        Assert.Equal(2, Join(classic, kept).GenerationId);
        Assert.Equal(2, Assert.Single(Beat("new", 2, []).Assignment!).Partitions.Count);
        Pass(TimeSpan.FromSeconds(11));
        Assert.Null(_group.Consumer!.Members.Find(classic)); // By its own session timeout of 10 seconds.
        Assert.NotNull(_group.Consumer.Members.Find("new"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_classic_member_that_does_not_join_again_or_ask_for_its_assignment_is_removed_after_the_rebalance_timeout(bool joins)
    {
        string classic = await ClassicAsync();
        Upgrade();
        Heartbeat(classic, 1);
        int generation = joins ? Join(classic).GenerationId : 1;
        for (int second = 0; second < 60; second += 5)
        {
            Assert.NotEqual(ErrorCode.UnknownMemberId, Heartbeat(classic, generation));
            Beat("new", 2);
            Pass(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(ErrorCode.UnknownMemberId, Heartbeat(classic, generation));
    }

    [Fact]
    public async Task Commits_and_sign_of_life_of_a_classic_member_name_its_generation()
    {
        string classic = await ClassicAsync();
        Upgrade();
        Assert.Equal(ErrorCode.None, Commit(classic, 1, version: 8));
        Assert.Equal(ErrorCode.IllegalGeneration, Commit(classic, 2, version: 8));
        Assert.Equal(ErrorCode.UnsupportedVersion, Commit("new", 2, version: 8));
        Assert.Equal(ErrorCode.StaleMemberEpoch, Commit("new", 1, version: 9));
        Assert.Equal(ErrorCode.UnknownMemberId, Commit("nobody", 2, version: 8));
        Assert.Equal(ErrorCode.IllegalGeneration, Heartbeat(classic, 2));
        Assert.Equal(ErrorCode.UnknownMemberId, Heartbeat("new", 2));
    }

    [Fact]
    public void A_new_classic_member_joins_a_group_of_the_consumer_protocol_with_an_id_from_the_server()
    {
        Upgrade();
        JoinGroupResponse first = _group.Consumer!.Classic.Join(Request(""), 9, "c", "/h", _view);
        Assert.Equal(ErrorCode.MemberIdRequired, first.Error);
        Assert.Equal(ErrorCode.None, Join(first.MemberId).Error);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, Refused(Request("other") with { Protocols = [new JoinGroupProtocol("sticky", Request("").Protocols[0].Metadata)] }));
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, Refused(Request("other") with { ProtocolType = "connect" }));
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, Refused(Request("other") with { Protocols = [new JoinGroupProtocol("range", [1])] }));
        Assert.Equal(ErrorCode.InvalidSessionTimeout, Refused(Request("other") with { SessionTimeoutMs = 5_999 }));
    }

    [Fact]
    public async Task A_static_member_changes_the_protocol_and_keeps_its_share()
    {
        JoinGroupResponse joined = await _group.Join(Request("", instance: "i"), 5, "c", "/h");
        await SyncAsLeader(joined.MemberId, "i");
        ConsumerGroupHeartbeatResponse back = Upgrade(instance: "i");
        Assert.Equal((ErrorCode.None, 4), (back.Error, back.Assignment![0].Partitions.Count));
        Assert.Equal(0, _group.Consumer!.Members.ClassicCount);
        JoinGroupResponse classic = _group.Consumer.Classic.Join(Request("", instance: "i"), 9, "c", "/h", _view);
        Assert.Equal(ErrorCode.None, classic.Error);
        Assert.Equal(ErrorCode.FencedInstanceId, _group.Consumer.Heartbeats.Take(BeatRequest("new", 2) with { InstanceId = "i" }, "c", "/h", _view).Error);
        _group.Conversion.DowngradeIfDue(_view);
        Assert.Null(_group.Consumer);
        Assert.Equal(ErrorCode.RebalanceInProgress, _group.Heartbeat(new HeartbeatRequest("g", classic.GenerationId, classic.MemberId, "i")));
    }

    [Fact]
    public async Task Members_whose_words_the_server_does_not_understand_keep_their_group_classic()
    {
        string leader = (await _group.Join(Request(""), 5, "c", "/h")).MemberId;
        await _group.Join(Request(leader) with { Protocols = [new JoinGroupProtocol("mine", [9])] }, 5, "c", "/h");
        Assert.Contains("cannot be read", _group.Conversion.ToConsumer(_view), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mine", true, false)]
    [InlineData("mine", false, true)]
    [InlineData("cooperative-sticky", true, true)]
    public async Task Data_of_an_assignor_that_is_not_Kafkas_keeps_a_group_classic(string assignor, bool hasData, bool upgrades)
    {
        string leader = (await _group.Join(Request(""), 5, "c", "/h")).MemberId;
        await _group.Join(Request(leader) with { Protocols = [new JoinGroupProtocol(assignor, Request("").Protocols[0].Metadata)] }, 5, "c", "/h");
        await SyncAsLeader(leader, null, hasData ? [1] : null);
        Assert.Equal(upgrades, _group.Conversion.ToConsumer(_view) is null);
    }

    [Fact]
    public async Task Whoever_waits_for_a_rebalance_when_the_group_changes_is_told_to_join_again()
    {
        await ClassicAsync();
        string second = (await _group.Join(Request(""), 5, "c", "/h")).MemberId;
        Task<JoinGroupResponse> waiting = _group.Join(Request(second), 5, "c", "/h");
        Upgrade();
        Assert.Equal(ErrorCode.RebalanceInProgress, (await waiting).Error);
        Assert.Equal(2, Join(second).GenerationId);
    }

    private async Task<string> ClassicAsync()
    {
        string id = (await _group.Join(Request(""), 5, "c", "/h")).MemberId;
        await _group.Join(Request(id), 5, "c", "/h");
        await SyncAsLeader(id, null);
        return id;
    }

    private async Task SyncAsLeader(string id, string? instance, byte[]? userData = null)
    {
        Task<SyncGroupResponse> synced = _group.Sync(new SyncGroupRequest("g", 1, id, instance, null, null, []), out _);
        _group.CompleteSync(1, [new SyncGroupAssignment(id, EmbeddedBytes.Assignment(userData, new EmbeddedPartitions("t", [0, 1, 2, 3])))]);
        Assert.Equal(ErrorCode.None, (await synced).Error);
    }

    /// <summary>A member of the consumer protocol joins.</summary>
    private ConsumerGroupHeartbeatResponse Upgrade(string? instance = null)
    {
        Assert.Null(_group.Conversion.ToConsumer(_view));
        return _group.Consumer!.Heartbeats.Take(new ConsumerGroupHeartbeatRequest("g", "new", 0, instance, null, 60_000, ["t"], null, null, []), "c", "/h", _view);
    }

    private ConsumerGroupHeartbeatResponse Beat(string member, int epoch, IReadOnlyList<TopicIdPartitions>? owned = null) =>
        _group.Consumer!.Heartbeats.Take(BeatRequest(member, epoch) with { TopicPartitions = owned }, "c", "/h", _view);

    private static ConsumerGroupHeartbeatRequest BeatRequest(string member, int epoch) => new("g", member, epoch, null, null, -1, null, null, null, null);

    private static JoinGroupRequest Request(string member, string? instance = null, params int[] owned) => new(
        "g", 10_000, 60_000, member, instance, "consumer",
        [new JoinGroupProtocol("range", EmbeddedBytes.Subscription(["t"], owned.Length == 0 ? [] : [new EmbeddedPartitions("t", owned)]))]);

    private JoinGroupResponse Join(string member, params int[] owned) => _group.Consumer!.Classic.Join(Request(member, null, owned), 9, "c", "/h", _view);

    private Task<JoinGroupResponse> JoinClassic(string member) => _group.Join(Request(member), 9, "c", "/h");

    private ErrorCode Refused(JoinGroupRequest request) => _group.Consumer!.Classic.Join(request, 9, "c", "/h", _view).Error;

    private SyncGroupResponse Sync(string member, int generation) =>
        _group.Consumer!.Classic.Sync(new SyncGroupRequest("g", generation, member, null, "consumer", "range", []), _view);

    private static int[] Partitions(SyncGroupResponse synced)
    {
        Assert.Equal(ErrorCode.None, synced.Error);
        return [.. EmbeddedAssignment.TryRead(synced.Assignment)!.Partitions.SelectMany(topic => topic.Partitions)];
    }

    private ErrorCode Heartbeat(string member, int generation)
    {
        var request = new HeartbeatRequest("g", generation, member, null);
        return _group.Consumer?.Classic.Heartbeat(request) ?? _group.Heartbeat(request);
    }

    private ErrorCode Commit(string member, int generation, short version) =>
        CommitRules.Check(_group, new OffsetCommitRequest("g", generation, member, null, []), version, [new TopicIdPartition(_view.Find("t")!.Id, 0)]);

    private void Pass(TimeSpan time)
    {
        _time.Advance(time);
        _group.Tick();
    }
}
