using Freshet.Broker.Cluster;
using Freshet.Broker.Groups.Classic;
using Freshet.Broker.Groups.Consumers;
using Freshet.Broker.Groups.Migration;
using Freshet.Broker.Groups.Offsets;
using Freshet.Broker.Groups.Settings;
using Freshet.Broker.Groups.Storage;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups;

/// <summary>
/// The members of one group, its generation and its state: the classic group protocol without sockets, threads or disk. A group whose
/// members speak the consumer protocol keeps them in <see cref="Consumer"/>. Callers exclude each other by locking the group; what
/// completes later is a task. Time comes from the provider and passes by <see cref="Tick"/>.
/// </summary>
internal sealed class Group
{
    private readonly TimeProvider _time;
    private readonly Rebalance _rebalance;
    private readonly Joining _joining;
    private readonly Syncing _syncing;

    public Group(string id, BrokerOptions options, TimeProvider time, GroupSettings? settings = null)
    {
        Id = id;
        _time = time;
        _rebalance = new Rebalance(this, options, time);
        _joining = new Joining(this, _rebalance, options);
        _syncing = new Syncing(this, _rebalance);
        Conversion = new GroupConversion(this, options, time, settings ?? new GroupSettings(options));
    }

    public string Id { get; }

    public GroupState State { get; set; } = GroupState.Empty;

    public int Generation { get; set; }

    public string? ProtocolType { get; set; }

    /// <summary>The assignor of this generation.</summary>
    public string? Protocol { get; set; }

    public string? LeaderId { get; set; }

    public GroupMembers Members { get; } = new();

    /// <summary>The members under the consumer protocol; null while the group is of the classic one.</summary>
    public ConsumerGroup? Consumer { get; set; }

    /// <summary>Records that are still to be stored: those of the consumer protocol, and of a change of the protocol.</summary>
    public GroupChanges Changes { get; } = new();

    public GroupOffsets Offsets { get; } = new();

    /// <summary>Counts the changes of generation and of static members.</summary>
    public int Version { get; set; }

    /// <summary>The <see cref="Version"/> that is on disk.</summary>
    public int StoredVersion { get; set; }

    /// <summary>Commits whose records are being stored.</summary>
    public int CommitsUnderWay { get; set; }

    /// <summary>Whether it was deleted; whoever still holds it looks it up again.</summary>
    public bool IsDeleted { get; set; }

    /// <summary>Whether it has no members.</summary>
    public bool IsEmpty => Consumer?.IsEmpty ?? (State == GroupState.Empty && Members.Count == 0);

    /// <summary>Time at which it became empty, in milliseconds since 1970; 0 when that is not known or it never had members.</summary>
    public long EmptySince
    {
        get => Consumer?.EmptySince ?? field;
        set;
    }

    /// <summary>Whether time changes nothing in it, as in most groups at most times.</summary>
    public bool IsAtRest => IsEmpty && Changes.IsEmpty && (Consumer is not null || Version == StoredVersion);

    /// <summary>Whether there is nothing to remember.</summary>
    public bool IsNothing => IsEmpty && Offsets.IsEmpty && CommitsUnderWay == 0;

    /// <summary>The state's name in Kafka's tools.</summary>
    public string StateName => Consumer is null ? State.ToString() : Consumer.State.ToString();

    /// <summary>Changes it from one protocol to the other.</summary>
    public GroupConversion Conversion { get; }

    public TimeSpan Now => _time.GetElapsedTime(0);

    /// <summary>Whether a member reads the topic, as far as one can tell: members of other protocol types than consumers' do not say.</summary>
    public bool Reads(string topic, ClusterView view) => Consumer is not null
        ? Consumer.Target.Includes(topic, view)
        : Members.All.Any(member => ProtocolType != EmbeddedSubscription.ConsumerType
            || EmbeddedSubscription.TryRead(member.MetadataFor(Protocol ?? "")) is not { } embedded || embedded.Topics.Contains(topic));

    public Task<JoinGroupResponse> Join(JoinGroupRequest request, short version, string clientId, string clientHost) =>
        _joining.Join(request, version, clientId, clientHost);

    /// <inheritdoc cref="Syncing.Sync"/>
    public Task<SyncGroupResponse> Sync(SyncGroupRequest request, out bool brought) => _syncing.Sync(request, out brought);

    /// <inheritdoc cref="Syncing.Complete"/>
    public void CompleteSync(int generation, IReadOnlyList<SyncGroupAssignment> assignments) => _syncing.Complete(generation, assignments);

    /// <inheritdoc cref="Syncing.Fail"/>
    public void FailSync(int generation, ErrorCode error) => _syncing.Fail(generation, error);

    public ErrorCode Heartbeat(HeartbeatRequest request)
    {
        ErrorCode error = CheckMember(request.MemberId, request.GroupInstanceId, request.GenerationId, out GroupMember? member);
        if (error != ErrorCode.None)
        {
            return error;
        }

        member!.Alive(Now);
        return State == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    public ErrorCode Leave(LeavingMember leaving)
    {
        if (Members.TakePending(leaving.MemberId))
        {
            _rebalance.TryComplete();
            return ErrorCode.None;
        }

        string? id = leaving.MemberId.Length == 0 && leaving.GroupInstanceId is { } instance ? Members.FindInstance(instance)?.Id : leaving.MemberId;
        ErrorCode error = id is null ? ErrorCode.UnknownMemberId : Members.Check(id, leaving.GroupInstanceId, out _);
        if (error == ErrorCode.None)
        {
            Remove(id!, ErrorCode.UnknownMemberId);
        }

        return error;
    }

    /// <summary>Lets time pass: members that are silent for too long go, rebalances that took too long end.</summary>
    public void Tick()
    {
        Consumer?.Tick();
        TimeSpan now = Now;
        if (Members.ExpirePending(now))
        {
            _rebalance.TryComplete();
        }

        foreach (string dead in Members.All.Where(member => !member.IsWaiting && member.SessionEnd <= now).Select(member => member.Id).ToArray())
        {
            Remove(dead, ErrorCode.UnknownMemberId);
        }

        _rebalance.Tick(now);
    }

    /// <summary>Ends every wait, because the broker stops or no longer coordinates the group.</summary>
    public void EndWaits(ErrorCode error)
    {
        foreach (GroupMember member in Members.All)
        {
            member.Joined(JoinGroupResponse.Refused(error, member.Id));
            member.Synced(SyncGroupResponse.Refused(error));
        }
    }

    /// <summary>Asks the members of a group that was stable to join again.</summary>
    public void StartRebalance() => _rebalance.Prepare();

    /// <summary>Forgets the classic members, because they are members of another protocol now, or there are none.</summary>
    public void ClearMembers()
    {
        EndWaits(ErrorCode.RebalanceInProgress);
        Members.Clear();
        State = GroupState.Empty;
        ProtocolType = null;
        Protocol = null;
        LeaderId = null;
        StoredVersion = Version;
    }

    public void SetAssignments(IReadOnlyList<SyncGroupAssignment> assignments)
    {
        foreach (GroupMember member in Members.All)
        {
            member.Assignment = assignments.FirstOrDefault(assignment => assignment.MemberId == member.Id)?.Assignment ?? [];
        }
    }

    /// <summary>The answer that tells a member its place in the present generation.</summary>
    public JoinGroupResponse PlaceOf(GroupMember member, bool skipAssignment = false) => new(
        ErrorCode.None, Generation, ProtocolType, Protocol, LeaderId ?? "", skipAssignment, member.Id,
        member.Id == LeaderId ? [.. Members.All.Select(other => new JoinGroupMember(other.Id, other.InstanceId, other.MetadataFor(Protocol ?? "")))] : []);

    /// <summary>Finds a member that names itself and its generation, or what is wrong with that.</summary>
    public ErrorCode CheckMember(string memberId, string? instanceId, int generation, out GroupMember? member)
    {
        ErrorCode error = Members.Check(memberId, instanceId, out member);
        return error != ErrorCode.None ? error : generation != Generation ? ErrorCode.IllegalGeneration : ErrorCode.None;
    }

    private void Remove(string id, ErrorCode reason)
    {
        GroupMember member = Members.Remove(id);
        member.Joined(JoinGroupResponse.Refused(reason, id));
        member.Synced(SyncGroupResponse.Refused(reason));
        if (LeaderId == id)
        {
            LeaderId = Members.All.FirstOrDefault()?.Id;
        }

        if (State is GroupState.Stable or GroupState.CompletingRebalance)
        {
            _rebalance.Prepare();
        }

        _rebalance.TryComplete();
    }
}
