using CsCheck;
using Freshet.Broker.Groups;
using Freshet.Broker.Groups.Offsets;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Microsoft.Extensions.Time.Testing;

namespace Freshet.Broker.Tests.Groups;

/// <summary>The classic group protocol, without a socket.</summary>
public class GroupTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly BrokerOptions _options = new() { DataDirectory = "unused" };
    private readonly Group _group;

    public GroupTests() => _group = new Group("g", _options, _time);

    [Fact]
    public async Task A_new_member_is_given_an_id_first_and_leads_the_first_generation()
    {
        JoinGroupResponse first = await Join("");
        Assert.Equal(ErrorCode.MemberIdRequired, first.Error);
        JoinGroupResponse second = await Join(first.MemberId);
        Assert.Equal(ErrorCode.None, second.Error);
        Assert.Equal((1, first.MemberId, 1), (second.GenerationId, second.Leader, second.Members.Count));
        Assert.Equal(GroupState.CompletingRebalance, _group.State);
    }

    [Fact]
    public async Task A_second_member_waits_until_the_first_has_joined_again()
    {
        string leader = await JoinedAndStable();
        string second = (await Join("")).MemberId;
        Task<JoinGroupResponse> joining = Join(second);
        Assert.False(joining.IsCompleted);
        Assert.Equal(ErrorCode.RebalanceInProgress, Heartbeat(leader, 1));
        JoinGroupResponse again = await Join(leader);
        Assert.Equal((2, 2), (again.GenerationId, again.Members.Count));
        JoinGroupResponse joined = await joining;
        Assert.Equal((2, leader, 0), (joined.GenerationId, joined.Leader, joined.Members.Count));
    }

    [Fact]
    public async Task A_member_that_does_not_join_again_is_left_behind_after_the_rebalance_timeout()
    {
        string silent = await JoinedAndStable();
        Task<JoinGroupResponse> joining = Join((await Join("")).MemberId);
        Pass(TimeSpan.FromSeconds(61));
        JoinGroupResponse joined = await joining;
        Assert.Equal((ErrorCode.None, 1), (joined.Error, joined.Members.Count));
        Assert.Equal(ErrorCode.UnknownMemberId, Heartbeat(silent, joined.GenerationId));
    }

    [Fact]
    public async Task A_silent_member_is_removed_after_its_session_timeout()
    {
        string member = await JoinedAndStable();
        Pass(TimeSpan.FromSeconds(9));
        Assert.Equal(ErrorCode.None, Heartbeat(member, 1));
        Pass(TimeSpan.FromSeconds(11));
        Assert.Equal((GroupState.Empty, 2), (_group.State, _group.Generation));
    }

    [Fact]
    public async Task A_group_is_at_rest_without_members_once_that_is_stored()
    {
        Assert.True(_group.IsAtRest);
        await Join("");
        Assert.False(_group.IsAtRest);
        await JoinedAndStable();
        Assert.False(_group.IsAtRest);
        Pass(TimeSpan.FromMinutes(10));
        Assert.Equal((GroupState.Empty, false), (_group.State, _group.IsAtRest));
        _group.StoredVersion = _group.Version;
        Assert.True(_group.IsAtRest);
    }

    [Fact]
    public async Task Members_without_a_common_assignor_do_not_share_a_group()
    {
        await JoinedAndStable();
        JoinGroupResponse other = await _group.Join(Request("", protocol: "sticky"), 5, "c", "/h");
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, other.Error);
    }

    [Theory]
    [InlineData(5_999)]
    [InlineData(1_800_001)]
    public async Task A_session_timeout_outside_the_limits_is_refused(int milliseconds) =>
        Assert.Equal(ErrorCode.InvalidSessionTimeout, (await _group.Join(Request("") with { SessionTimeoutMs = milliseconds }, 5, "c", "/h")).Error);

    [Fact]
    public async Task A_static_member_that_comes_back_unchanged_keeps_the_generation_and_fences_its_old_self()
    {
        JoinGroupResponse first = await _group.Join(Request("", instance: "i"), 5, "c", "/h");
        await SyncAsLeader(first.MemberId, first.GenerationId);
        JoinGroupResponse back = await _group.Join(Request("", instance: "i"), 9, "c", "/h");
        Assert.Equal((ErrorCode.None, first.GenerationId, true), (back.Error, back.GenerationId, back.SkipAssignment));
        Assert.NotEqual(first.MemberId, back.MemberId);
        Assert.Equal(ErrorCode.FencedInstanceId, _group.Heartbeat(new HeartbeatRequest("g", first.GenerationId, first.MemberId, "i")));
        Assert.Equal(ErrorCode.None, _group.Heartbeat(new HeartbeatRequest("g", first.GenerationId, back.MemberId, "i")));
    }

    [Fact]
    public async Task An_admin_removes_a_static_member_by_its_instance()
    {
        await _group.Join(Request("", instance: "i"), 5, "c", "/h");
        Assert.Equal(ErrorCode.None, _group.Leave(new LeavingMember("", "i")));
        Assert.Equal(ErrorCode.UnknownMemberId, _group.Leave(new LeavingMember("", "i")));
        Assert.Equal(GroupState.Empty, _group.State);
    }

    [Fact]
    public async Task Commits_are_checked_against_member_and_generation()
    {
        Assert.Equal(ErrorCode.None, Commit("", -1));
        string member = await JoinedAndStable();
        Assert.Equal(ErrorCode.None, Commit(member, 1));
        Assert.Equal(ErrorCode.IllegalGeneration, Commit(member, 0));
        Assert.Equal(ErrorCode.UnknownMemberId, Commit("other", 1));
        Assert.Equal(ErrorCode.UnknownMemberId, Commit("", -1));
    }

    [Fact]
    public async Task Members_that_never_ask_for_their_assignment_do_not_hold_up_the_others()
    {
        string id = (await Join("")).MemberId;
        await Join(id);
        Pass(TimeSpan.FromSeconds(61));
        Assert.Equal(GroupState.Empty, _group.State);
    }

    [Fact]
    public void In_any_history_generations_grow_and_every_generation_has_one_leader() => Gen.Int[0, 5].Array[1, 60].Sample(steps =>
    {
        var time = new FakeTimeProvider();
        var group = new Group("g", _options, time);
        var ids = new List<string>();
        var places = new List<Task<JoinGroupResponse>>();
        int generation = 0;
        foreach ((int step, int index) in steps.Select((step, index) => (step, index)))
        {
            string id = ids.Count == 0 ? "" : ids[index % ids.Count];
            switch (step)
            {
                case 0 or 1:
                    string fresh = group.Join(Request(""), 5, "c", "/h").Result.MemberId;
                    ids.Add(fresh);
                    places.Add(group.Join(Request(fresh), 5, "c", "/h"));
                    break;
                case 2 when id.Length > 0:
                    places.Add(group.Join(Request(id), 5, "c", "/h"));
                    break;
                case 3 when id.Length > 0:
                    group.Sync(new SyncGroupRequest("g", group.Generation, id, null, null, null, []), out bool brought);
                    if (brought)
                    {
                        group.CompleteSync(group.Generation, []);
                    }

                    break;
                case 4 when id.Length > 0:
                    group.Leave(new LeavingMember(id, null));
                    break;
                default:
                    time.Advance(TimeSpan.FromSeconds(7));
                    group.Tick();
                    break;
            }

            Assert.True(group.Generation >= generation);
            generation = group.Generation;
        }

        foreach (var told in places.Where(place => place.IsCompleted).Select(place => place.Result).Where(place => place.Error == ErrorCode.None).GroupBy(place => place.GenerationId))
        {
            Assert.Single(told.Select(place => place.Leader).Distinct());
        }
    }, iter: 300);

    private static JoinGroupRequest Request(string memberId, string? instance = null, string protocol = "range") =>
        new("g", 10_000, 60_000, memberId, instance, "consumer", [new JoinGroupProtocol(protocol, [1])]);

    private Task<JoinGroupResponse> Join(string memberId) => _group.Join(Request(memberId), 5, "c", "/h");

    private async Task<string> JoinedAndStable()
    {
        string id = (await Join("")).MemberId;
        await SyncAsLeader(id, (await Join(id)).GenerationId);
        return id;
    }

    private async Task SyncAsLeader(string id, int generation)
    {
        Task<SyncGroupResponse> synced = _group.Sync(new SyncGroupRequest("g", generation, id, _group.Members.Find(id)!.InstanceId, null, null, []), out bool brought);
        Assert.True(brought);
        _group.CompleteSync(generation, [new SyncGroupAssignment(id, [7])]);
        Assert.Equal([7], (await synced).Assignment);
        Assert.Equal(GroupState.Stable, _group.State);
    }

    private ErrorCode Heartbeat(string id, int generation) => _group.Heartbeat(new HeartbeatRequest("g", generation, id, null));

    private ErrorCode Commit(string id, int generation) => CommitRules.CheckClassic(_group, new OffsetCommitRequest("g", generation, id, null, []));

    private void Pass(TimeSpan time)
    {
        _time.Advance(time);
        _group.Tick();
    }
}
