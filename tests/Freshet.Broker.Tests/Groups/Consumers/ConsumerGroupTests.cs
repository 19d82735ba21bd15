using Freshet.Broker.Cluster;
using Freshet.Broker.Groups.Consumers;
using Freshet.Broker.Groups.Storage;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Microsoft.Extensions.Time.Testing;

namespace Freshet.Broker.Tests.Groups.Consumers;

/// <summary>The consumer protocol, without a socket.</summary>
public class ConsumerGroupTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly GroupChanges _changes = new();
    private readonly ConsumerGroup _group;
    private ClusterView _view = TestCluster.Of(("t", 4));

    public ConsumerGroupTests() => _group = new ConsumerGroup("g", new BrokerOptions { DataDirectory = "unused" }, _time, _changes);

    [Fact]
    public void The_first_member_gets_all_partitions_at_once()
    {
        ConsumerGroupHeartbeatResponse joined = Join("a");
        Assert.Equal((ErrorCode.None, "a", 1, 5000), (joined.Error, joined.MemberId, joined.MemberEpoch, joined.HeartbeatIntervalMs));
        Assert.Equal([0, 1, 2, 3], Assert.Single(joined.Assignment!).Partitions);
        Assert.Equal(ConsumerGroupState.Stable, _group.State);
    }

    [Fact]
    public void A_second_member_gets_its_share_once_the_first_has_given_it_up()
    {
        Join("a");
        ConsumerGroupHeartbeatResponse second = Join("b");
        Assert.Equal((2, 0), (second.MemberEpoch, second.Assignment!.Count));
        ConsumerGroupHeartbeatResponse asked = Beat("a", 1);
        Assert.Equal(1, asked.MemberEpoch);
        int[] kept = [.. Assert.Single(asked.Assignment!).Partitions];
        Assert.Equal(2, kept.Length);
        Assert.Null(Beat("b", 2).Assignment);
        Assert.Equal(ConsumerGroupState.Reconciling, _group.State);
        Assert.Equal(2, Beat("a", 1, kept).MemberEpoch);
        ConsumerGroupHeartbeatResponse given = Beat("b", 2);
        Assert.Equal([0, 1, 2, 3], Assert.Single(given.Assignment!).Partitions.Concat(kept).Order());
        Assert.Equal(ConsumerGroupState.Stable, _group.State);
    }

    [Fact]
    public void A_member_that_does_not_give_up_its_partitions_is_removed_after_the_rebalance_timeout()
    {
        Join("a");
        Join("b");
        Beat("a", 1);
        Pass(TimeSpan.FromSeconds(29));
        Assert.Equal(ErrorCode.None, Beat("a", 1).Error);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(ErrorCode.UnknownMemberId, Beat("a", 1).Error);
        Assert.Equal([0, 1, 2, 3], Assert.Single(Beat("b", 2).Assignment!).Partitions);
    }

    [Fact]
    public void A_member_is_asked_to_give_up_what_it_was_just_given_only_once_it_has_said_that_it_has_it()
    {
        Join("a");
        ConsumerGroupHeartbeatResponse early = Heartbeat(BeatRequest("a", 1) with { SubscribedTopicNames = [] });
        // To own nothing is what it said of itself: it would not notice, and never say that it gave up anything.
        Assert.Equal((1, null), (early.MemberEpoch, early.Assignment));
        Assert.Null(Beat("a", 1).Assignment);
        Assert.Empty(Beat("a", 1, 0, 1, 2, 3).Assignment!);
        Assert.Equal(2, Heartbeat(BeatRequest("a", 1) with { TopicPartitions = [] }).MemberEpoch);
        Assert.Equal(ConsumerGroupState.Stable, _group.State);
    }

    [Fact]
    public void A_member_that_never_says_that_it_has_what_it_was_given_is_removed_after_the_rebalance_timeout()
    {
        Join("a");
        Heartbeat(BeatRequest("a", 1) with { SubscribedTopicNames = [] });
        Pass(TimeSpan.FromSeconds(29));
        Assert.Equal(ErrorCode.None, Beat("a", 1).Error);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(ErrorCode.UnknownMemberId, Beat("a", 1).Error);
    }

    [Fact]
    public void A_silent_member_is_removed_after_the_session_timeout()
    {
        Join("a");
        Pass(TimeSpan.FromSeconds(44));
        Assert.Equal(ErrorCode.None, Beat("a", 1).Error);
        Pass(TimeSpan.FromSeconds(46));
        Assert.Equal((ConsumerGroupState.Empty, 2), (_group.State, _group.Target.Epoch));
    }

    [Fact]
    public void A_member_that_lost_an_answer_may_name_the_epoch_before()
    {
        Join("a");
        Join("b");
        int[] kept = [.. Beat("a", 1).Assignment![0].Partitions];
        Assert.Equal(2, Beat("a", 1, kept).MemberEpoch);
        Assert.Equal(2, Beat("a", 1, kept).MemberEpoch);
        Assert.Equal(ErrorCode.FencedMemberEpoch, Beat("a", 1, 0, 1, 2, 3).Error);
        Assert.Equal(ErrorCode.FencedMemberEpoch, Beat("a", 1).Error);
        Assert.Equal(ErrorCode.FencedMemberEpoch, Beat("a", 3).Error);
    }

    [Fact]
    public void A_fenced_member_joins_again_and_gets_its_share_back()
    {
        Join("a");
        Assert.Equal(ErrorCode.FencedMemberEpoch, Beat("a", 9).Error);
        ConsumerGroupHeartbeatResponse again = Join("a");
        Assert.Equal((ErrorCode.None, 1, 4), (again.Error, again.MemberEpoch, again.Assignment![0].Partitions.Count));
    }

    [Fact]
    public void A_new_topic_that_matches_the_pattern_and_new_partitions_are_dealt_out()
    {
        Heartbeat(JoinRequest("a") with { SubscribedTopicNames = null, SubscribedTopicRegex = "t.*|other-[a-c]" });
        _view = _view.WithTopic("other-b", 1).WithTopic("other-d", 1);
        Assert.Equal([1, 4], Beat("a", 1).Assignment!.Select(topic => topic.Partitions.Count).Order());
        _view = _view.WithTopic("t", 6);
        Assert.Equal([1, 6], Beat("a", 2).Assignment!.Select(topic => topic.Partitions.Count).Order());
    }

    [Fact]
    public void A_static_member_that_is_back_has_its_partitions_without_a_rebalance()
    {
        Heartbeat(JoinRequest("a") with { InstanceId = "i" });
        Assert.Equal(ErrorCode.UnreleasedInstanceId, Heartbeat(JoinRequest("b") with { InstanceId = "i" }).Error);
        ConsumerGroupHeartbeatResponse left = Heartbeat(BeatRequest("a", ConsumerGroupHeartbeatRequest.LeaveForNow) with { InstanceId = "i" });
        Assert.Equal((ErrorCode.None, -2), (left.Error, left.MemberEpoch));
        ConsumerGroupHeartbeatResponse back = Heartbeat(JoinRequest("b") with { InstanceId = "i" });
        Assert.Equal((1, 4), (back.MemberEpoch, back.Assignment![0].Partitions.Count));
        Assert.Equal(ErrorCode.FencedInstanceId, Heartbeat(BeatRequest("a", 1) with { InstanceId = "i" }).Error);
    }

    [Fact]
    public void A_commit_counts_while_its_member_has_had_the_partition_since_its_epoch()
    {
        Join("a");
        TopicIdPartition[] all = [.. Enumerable.Range(0, 4).Select(index => new TopicIdPartition(_view.Find("t")!.Id, index))];
        Assert.Equal(ErrorCode.None, _group.CheckCommit("a", 1, all));
        Assert.Equal(ErrorCode.UnknownMemberId, _group.CheckCommit("", -1, all));
        Join("b");
        int[] kept = [.. Beat("a", 1).Assignment![0].Partitions];
        Beat("a", 1, kept);
        Assert.Equal(ErrorCode.None, _group.CheckCommit("a", 1, all.Where(partition => kept.Contains(partition.Index))));
        Assert.Equal(ErrorCode.StaleMemberEpoch, _group.CheckCommit("a", 1, all));
        Assert.Equal(ErrorCode.StaleMemberEpoch, _group.CheckCommit("a", 3, []));
    }

    [Fact]
    public void A_group_that_is_loaded_goes_on_where_it_was()
    {
        Join("a");
        Join("b");
        Beat("a", 1);
        ConsumerGroup loaded = Reloaded();
        Assert.Equal((_group.Target.Epoch, _group.Target.DealtEpoch, _group.State), (loaded.Target.Epoch, loaded.Target.DealtEpoch, loaded.State));
        foreach (ConsumerMember member in _group.Members.All)
        {
            ConsumerMember same = loaded.Members.Find(member.Id)!;
            Assert.True(same.Place.IsSameAs(member.Place) && same.Subscription.IsSameAs(member.Subscription) && same.Target.SetEquals(member.Target));
        }

        ConsumerGroupHeartbeatResponse beat = loaded.Heartbeats.Take(BeatRequest("a", 1) with { TopicPartitions = [] }, "c", "/h", _view);
        Assert.Equal((ErrorCode.None, _group.Target.Epoch), (beat.Error, beat.MemberEpoch));
    }

    [Theory]
    [InlineData("[a-z]+", true)]
    [InlineData("(?P<name>[[:lower:]]+)-?", true)]
    [InlineData("(", false)]
    [InlineData(@"(a)\1", false)]
    [InlineData("(?=a)a", false)]
    public void Patterns_are_those_of_RE2(string pattern, bool valid)
    {
        (ErrorCode error, _) = HeartbeatRules.Check(JoinRequest("a") with { SubscribedTopicRegex = pattern }, 1);
        Assert.Equal(valid ? ErrorCode.None : ErrorCode.InvalidRegularExpression, error);
        Assert.True(!valid || TopicPattern.TryParse(pattern, out _)!.Matches("abc"));
        Assert.False(valid && TopicPattern.TryParse(pattern, out _)!.Matches("abc.1"));
    }

    [Fact]
    public void Malformed_heartbeats_are_refused()
    {
        ConsumerGroupHeartbeatRequest join = JoinRequest("a");
        ConsumerGroupHeartbeatRequest[] malformed =
        [
            join with { GroupId = "" }, join with { MemberId = "" }, join with { InstanceId = "" }, join with { RackId = "" }, join with { MemberEpoch = -3 },
            join with { RebalanceTimeoutMs = -1 }, join with { TopicPartitions = null }, join with { SubscribedTopicNames = null }, BeatRequest("a", -2),
        ];
        Assert.All(malformed, request => Assert.Equal(ErrorCode.InvalidRequest, HeartbeatRules.Check(request, 1).Error));
        Assert.Equal(ErrorCode.UnsupportedAssignor, HeartbeatRules.Check(join with { ServerAssignor = "mine" }, 1).Error);
        Assert.Equal(ErrorCode.None, HeartbeatRules.Check(join, 1).Error);
        Assert.Equal(ErrorCode.None, HeartbeatRules.Check(join with { MemberId = "" }, 0).Error);
    }

    /// <summary>The group as it is read from what was stored.</summary>
    private ConsumerGroup Reloaded()
    {
        var loaded = new ConsumerGroup("g", new BrokerOptions { DataDirectory = "unused" }, _time, new GroupChanges());
        foreach (GroupRecord record in _changes.Take())
        {
            loaded.Apply(Assert.IsAssignableFrom<ConsumerGroupRecord>(GroupRecord.Read(record.Key(), record.Value())));
        }

        return loaded;
    }

    private void Pass(TimeSpan time)
    {
        _time.Advance(time);
        _group.Tick();
    }

    private ConsumerGroupHeartbeatResponse Join(string member) => Heartbeat(JoinRequest(member));

    /// <summary>A heartbeat; with partitions when the member says what it owns.</summary>
    private ConsumerGroupHeartbeatResponse Beat(string member, int epoch, params int[] owned) => Heartbeat(BeatRequest(member, epoch) with
    {
        TopicPartitions = owned.Length == 0 ? null : [new TopicIdPartitions(_view.Find("t")!.Id, owned)],
    });

    private ConsumerGroupHeartbeatResponse Heartbeat(ConsumerGroupHeartbeatRequest request) => _group.Heartbeats.Take(request, "c", "/h", _view);

    private static ConsumerGroupHeartbeatRequest JoinRequest(string member) => new("g", member, 0, null, null, 30_000, ["t"], null, null, []);

    private static ConsumerGroupHeartbeatRequest BeatRequest(string member, int epoch) => new("g", member, epoch, null, null, -1, null, null, null, null);
}
