using Freshet.Broker.Cluster;
using Freshet.Broker.Groups.Consumers;
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
    private readonly BrokerOptions _options;
    private readonly TimeProvider _time;
    private readonly Rebalance _rebalance;

    public Group(string id, BrokerOptions options, TimeProvider time)
    {
        Id = id;
        _options = options;
        _time = time;
        _rebalance = new Rebalance(this, options, time);
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

    /// <summary>Whether there is nothing to remember.</summary>
    public bool IsNothing => IsEmpty && Offsets.IsEmpty && CommitsUnderWay == 0;

    /// <summary>The state's name in Kafka's tools.</summary>
    public string StateName => Consumer is null ? State.ToString() : Consumer.State.ToString();

    public TimeSpan Now => _time.GetElapsedTime(0);

    /// <summary>Makes an empty group one of the consumer protocol; null while classic members are in it.</summary>
    public ConsumerGroup? ToConsumer()
    {
        if (Consumer is null && IsEmpty)
        {
            Consumer = ConsumerGroup.After(Generation, Id, _options, _time);
            ProtocolType = null;
        }

        return Consumer;
    }

    /// <summary>Makes an empty group a classic one again; false while members of the consumer protocol are in it.</summary>
    /// <param name="tombstones">What is to be stored for that.</param>
    public bool TryMakeClassic(out IReadOnlyList<GroupRecord> tombstones)
    {
        tombstones = Consumer is { IsEmpty: true } ? [.. Consumer.Tombstones()] : [];
        if (Consumer is { IsEmpty: true })
        {
            Generation = Consumer.Epoch;
            Consumer = null;
        }

        return Consumer is null;
    }

    /// <summary>Whether a member reads the topic, as far as one can tell: members of other protocol types than consumers' do not say.</summary>
    public bool Reads(string topic, ClusterView view) => Consumer is not null
        ? Consumer.Reads(topic, view)
        : Members.All.Any(member => ProtocolType != SubscriptionMetadata.ConsumerType
            || SubscriptionMetadata.TopicsOf(member.MetadataFor(Protocol ?? "")) is not { } topics || topics.Contains(topic));

    /// <summary>Takes in a stored record of the consumer protocol.</summary>
    public void Restore(ConsumerGroupRecord record)
    {
        if (record is EpochRecord { State: null })
        {
            Generation = Consumer?.Epoch ?? Generation;
            Consumer = null;
        }
        else if (Consumer is not null || !record.IsDeletion)
        {
            Consumer ??= new ConsumerGroup(Id, _options, _time);
            Consumer.Apply(record);
        }
    }

    public Task<JoinGroupResponse> Join(JoinGroupRequest request, short version, string clientId, string clientHost)
    {
        if (ProblemOf(request) is var problem and not ErrorCode.None)
        {
            return Refused(problem, request.MemberId);
        }

        if (request.MemberId.Length == 0)
        {
            return request.GroupInstanceId is not null
                ? JoinStatic(request, version, clientId, clientHost)
                : JoinNew(request, version, clientId, clientHost);
        }

        if (Members.TakePending(request.MemberId))
        {
            return Add(request.MemberId, request, clientId, clientHost);
        }

        ErrorCode known = Members.Check(request.MemberId, request.GroupInstanceId, out GroupMember? member);
        return known == ErrorCode.None ? Rejoin(member!, request) : Refused(known, request.MemberId);
    }

    /// <summary>
    /// A member asks for its assignment. When the leader brings the assignments, <paramref name="brought"/> holds them: they are
    /// to be stored, and then handed out by <see cref="CompleteSync"/>.
    /// </summary>
    public Task<SyncGroupResponse> Sync(SyncGroupRequest request, out bool brought)
    {
        brought = false;
        ErrorCode error = CheckMember(request.MemberId, request.GroupInstanceId, request.GenerationId, out GroupMember? member);
        error = error != ErrorCode.None ? error
            : (request.ProtocolType is { } type && type != ProtocolType) || (request.ProtocolName is { } protocol && protocol != Protocol) ? ErrorCode.InconsistentGroupProtocol
            : State == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress
            : ErrorCode.None;
        if (error != ErrorCode.None)
        {
            return Task.FromResult(SyncGroupResponse.Refused(error));
        }

        member!.Alive(Now);
        if (State == GroupState.Stable)
        {
            return Task.FromResult(AssignmentOf(member));
        }

        brought = member.Id == LeaderId;
        return member.WaitForSync();
    }

    /// <summary>Hands out the assignments that the leader brought and that are stored now.</summary>
    /// <param name="generation">Generation they were made for; if it is over, they are void.</param>
    public void CompleteSync(int generation, IReadOnlyList<SyncGroupAssignment> assignments)
    {
        if (State != GroupState.CompletingRebalance || Generation != generation)
        {
            return;
        }

        SetAssignments(assignments);
        State = GroupState.Stable;
        foreach (GroupMember member in Members.All)
        {
            member.Alive(Now);
            member.Synced(AssignmentOf(member));
        }
    }

    /// <summary>The assignments could not be stored: everybody starts over.</summary>
    public void FailSync(int generation, ErrorCode error)
    {
        if (State == GroupState.CompletingRebalance && Generation == generation)
        {
            foreach (GroupMember member in Members.All)
            {
                member.Synced(SyncGroupResponse.Refused(error));
            }

            _rebalance.Prepare();
        }
    }

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

    /// <summary>Whether offsets may be committed by this member in this generation; that also is a sign of life.</summary>
    public ErrorCode CheckCommit(OffsetCommitRequest request)
    {
        if (request.GenerationId < 0 && State == GroupState.Empty)
        {
            return ErrorCode.None; // A client that assigns its partitions itself and only keeps its offsets here.
        }

        if (State == GroupState.Empty && request.MemberId.Length > 0 && Members.IsEmpty)
        {
            return Generation == 0 ? ErrorCode.IllegalGeneration : ErrorCode.UnknownMemberId;
        }

        ErrorCode error = CheckMember(request.MemberId, request.GroupInstanceId, request.GenerationId, out GroupMember? member);
        if (error != ErrorCode.None)
        {
            return error;
        }

        member!.Alive(Now);
        return State == GroupState.CompletingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    /// <summary>
    /// Whether offsets may be committed in a transaction. The producer may say for which member and generation it does so; it
    /// answers for its own transaction otherwise.
    /// </summary>
    public ErrorCode CheckTransactionalCommit(TxnOffsetCommitRequest request, IReadOnlyList<TopicIdPartition> partitions)
    {
        if (request.GenerationId < 0 && request.MemberId.Length == 0 && request.GroupInstanceId is null)
        {
            return ErrorCode.None;
        }

        if (Consumer is { } consumer)
        {
            // The answer knows only the classic protocol's word for an epoch that is over.
            ErrorCode known = consumer.CheckCommit(request.MemberId, request.GenerationId, partitions);
            return known == ErrorCode.StaleMemberEpoch ? ErrorCode.IllegalGeneration : known;
        }

        ErrorCode error = CheckMember(request.MemberId, request.GroupInstanceId, request.GenerationId, out _);
        return error == ErrorCode.UnknownMemberId && Members.IsEmpty && Generation == 0 ? ErrorCode.IllegalGeneration : error;
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

    private ErrorCode ProblemOf(JoinGroupRequest request)
    {
        TimeSpan session = TimeSpan.FromMilliseconds(request.SessionTimeoutMs);
        return session < _options.GroupMinSessionTimeout || session > _options.GroupMaxSessionTimeout ? ErrorCode.InvalidSessionTimeout
            : request.ProtocolType.Length == 0 || request.Protocols.Count == 0 ? ErrorCode.InconsistentGroupProtocol
            : !Members.IsEmpty && (request.ProtocolType != ProtocolType || !Members.ShareProtocolWith(request)) ? ErrorCode.InconsistentGroupProtocol
            : ErrorCode.None;
    }

    private Task<JoinGroupResponse> JoinNew(JoinGroupRequest request, short version, string clientId, string clientHost)
    {
        if (Members.Count >= _options.MaxGroupMembers)
        {
            return Refused(ErrorCode.GroupMaxSizeReached, "");
        }

        string id = $"{clientId}-{Guid.NewGuid():D}";
        if (version < 4)
        {
            return Add(id, request, clientId, clientHost);
        }

        // The client joins again with this id, so that a member whose answer was lost is not counted twice.
        Members.AddPending(id, Now + TimeSpan.FromMilliseconds(request.SessionTimeoutMs));
        return Refused(ErrorCode.MemberIdRequired, id);
    }

    private Task<JoinGroupResponse> JoinStatic(JoinGroupRequest request, short version, string clientId, string clientHost)
    {
        string id = $"{request.GroupInstanceId}-{Guid.NewGuid():D}";
        if (Members.FindInstance(request.GroupInstanceId!) is not { } member)
        {
            return Members.Count >= _options.MaxGroupMembers ? Refused(ErrorCode.GroupMaxSizeReached, "") : Add(id, request, clientId, clientHost);
        }

        string oldId = member.Id;
        bool isLeader = oldId == LeaderId;
        bool unchanged = State == GroupState.Stable && member.IsUnchangedBy(request);
        Members.Replace(member, id);
        LeaderId = isLeader ? id : LeaderId;
        member.Update(request);
        member.Alive(Now);
        Version++;
        if (!unchanged)
        {
            return JoinAgain(member);
        }

        JoinGroupResponse place = PlaceOf(member, skipAssignment: isLeader && version >= 9);
        // An older client that leads would assign anew: it is told of its old self as the leader, and so only takes its assignment.
        return Task.FromResult(isLeader && version < 9 ? place with { Leader = oldId, Members = [] } : place);
    }

    private Task<JoinGroupResponse> Add(string id, JoinGroupRequest request, string clientId, string clientHost)
    {
        var member = new GroupMember(id, request, clientId, clientHost);
        member.Alive(Now);
        Members.Add(member);
        ProtocolType = request.ProtocolType;
        LeaderId ??= id;
        return JoinAgain(member);
    }

    private Task<JoinGroupResponse> Rejoin(GroupMember member, JoinGroupRequest request)
    {
        bool unchanged = member.IsUnchangedBy(request);
        bool settled = State == GroupState.CompletingRebalance || (State == GroupState.Stable && member.Id != LeaderId);
        member.Update(request);
        member.Alive(Now);
        return settled && unchanged ? Task.FromResult(PlaceOf(member)) : JoinAgain(member);
    }

    private Task<JoinGroupResponse> JoinAgain(GroupMember member)
    {
        Task<JoinGroupResponse> joined = member.WaitForJoin();
        if (State != GroupState.PreparingRebalance)
        {
            _rebalance.Prepare();
        }
        else
        {
            _rebalance.MemberArrived();
        }

        _rebalance.TryComplete();
        return joined;
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

    private ErrorCode CheckMember(string memberId, string? instanceId, int generation, out GroupMember? member)
    {
        ErrorCode error = Members.Check(memberId, instanceId, out member);
        return error != ErrorCode.None ? error : generation != Generation ? ErrorCode.IllegalGeneration : ErrorCode.None;
    }

    private SyncGroupResponse AssignmentOf(GroupMember member) => new(ErrorCode.None, ProtocolType, Protocol, member.Assignment);

    private static Task<JoinGroupResponse> Refused(ErrorCode error, string memberId) => Task.FromResult(JoinGroupResponse.Refused(error, memberId));
}
