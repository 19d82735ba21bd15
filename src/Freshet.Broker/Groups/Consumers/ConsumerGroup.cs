using System.Collections.Immutable;
using Freshet.Broker.Cluster;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>
/// The members of one group under the consumer protocol (KIP-848), without sockets, threads or disk: the server deals the partitions out
/// and leads each member to its share by its heartbeats. Callers exclude each other by locking the group; time passes by
/// <see cref="Tick"/>; what is to be stored is collected for <see cref="TakeChanges"/>.
/// </summary>
internal sealed class ConsumerGroup(string id, BrokerOptions options, TimeProvider time)
{
    private readonly ConsumerGroupChanges _changes = new();
    private long? _fingerprint;
    private SubscribedTopics? _topics;

    /// <summary>Counts the changes of members, subscriptions and topics.</summary>
    public int Epoch { get; private set; }

    /// <summary>The <see cref="Epoch"/> for which the partitions were last dealt out.</summary>
    public int AssignmentEpoch { get; private set; }

    public ConsumerMembers Members { get; } = new();

    public bool IsEmpty => Members.Count == 0;

    /// <summary>Time at which the last member left, in milliseconds since 1970; 0 when that was before the group was loaded.</summary>
    public long EmptySince { get; private set; }

    public IServerAssignor Assignor => ServerAssignors.MostWished(Members.All.Select(member => member.Subscription.Assignor));

    public ConsumerGroupState State =>
        IsEmpty ? ConsumerGroupState.Empty
        : Epoch > AssignmentEpoch ? ConsumerGroupState.Assigning
        : Members.All.All(member => member.IsSettled(AssignmentEpoch)) ? ConsumerGroupState.Stable
        : ConsumerGroupState.Reconciling;

    /// <summary>Begins where a classic group of the same name ended, so that epochs only grow.</summary>
    public static ConsumerGroup After(int generation, string id, BrokerOptions options, TimeProvider time)
    {
        var group = new ConsumerGroup(id, options, time) { Epoch = generation };
        if (generation > 0)
        {
            group._changes.Add(new MembershipRecord(id, null));
        }

        group._changes.Add(group.CurrentEpoch());
        return group;
    }

    /// <summary>A member joins, says that it lives, or leaves. The request follows the <see cref="HeartbeatRules"/>.</summary>
    /// <param name="mayKnow">Whether the member may know of a topic.</param>
    public ConsumerGroupHeartbeatResponse Heartbeat(
        ConsumerGroupHeartbeatRequest request, string clientId, string clientHost, ClusterView view, Func<string, bool>? mayKnow = null)
    {
        if (request.MemberEpoch < 0)
        {
            return Leave(request);
        }

        ImmutableHashSet<TopicIdPartition>? owned = request.TopicPartitions is { } topics ? TopicIdPartition.FromTopics(topics) : null;
        if (Problem(request, owned, out ConsumerMember? member) is { } problem)
        {
            return problem;
        }

        member = request.IsJoin ? Join(request, member) : member!;
        member.MayKnow = mayKnow ?? member.MayKnow;
        MemberPlace before = member.Place;
        if (UpdateSubscription(member, request, clientId, clientHost) | NoticeTopics(view))
        {
            Epoch++;
            _changes.Add(CurrentEpoch());
        }

        if (Epoch > AssignmentEpoch)
        {
            DealOut();
        }

        Reconcile(member, owned);
        member.SessionEnd = Now + options.GroupConsumerSessionTimeout;
        bool tellsAssignment = request.IsJoin || request.IsFull || !member.Place.OwnsSameAs(before);
        return Answer(member, member.Place.Epoch, tellsAssignment ? TopicIdPartition.ToTopics(member.Place.Assigned.Keys) : null);
    }

    /// <summary>Removes a member at an operator's wish.</summary>
    public ErrorCode Remove(string memberId, string? instanceId)
    {
        ConsumerMember? member = memberId.Length == 0 && instanceId is not null ? Members.FindInstance(instanceId) : Members.Find(memberId);
        if (member is null)
        {
            return ErrorCode.UnknownMemberId;
        }

        if (instanceId is not null && member.Subscription.InstanceId != instanceId)
        {
            return ErrorCode.FencedInstanceId;
        }

        Remove(member);
        return ErrorCode.None;
    }

    /// <summary>Whether a member at this epoch may commit offsets of these partitions: it may if it has had them since then.</summary>
    public ErrorCode CheckCommit(string memberId, int epoch, IEnumerable<TopicIdPartition> partitions)
    {
        if (epoch < 0 && IsEmpty)
        {
            return ErrorCode.None; // An operator resets the offsets.
        }

        return Members.Find(memberId) is not { } member ? ErrorCode.UnknownMemberId
            : epoch == member.Place.Epoch ? ErrorCode.None
            : epoch < member.Place.Epoch && partitions.All(partition => member.Place.Assigned.TryGetValue(partition, out int since) && epoch >= since) ? ErrorCode.None
            : ErrorCode.StaleMemberEpoch;
    }

    /// <summary>Whether a member at this epoch may read the committed offsets.</summary>
    public ErrorCode CheckFetch(string? memberId, int epoch) =>
        memberId is null && epoch < 0 ? ErrorCode.None
        : Members.Find(memberId ?? "") is not { } member ? ErrorCode.UnknownMemberId
        : member.Place.Epoch == epoch ? ErrorCode.None
        : ErrorCode.StaleMemberEpoch;

    /// <summary>Whether a member subscribes to the topic.</summary>
    public bool Reads(string topic, ClusterView view)
    {
        NoticeTopics(view);
        return Members.All.Any(member => member.Subscription.TopicNames.Contains(topic)
            || (view.Find(topic) is { } known && _topics!.TopicsOf(member.Subscription).Contains(known.Id)));
    }

    /// <summary>Lets time pass: members that are silent for too long, or do not give up what they are to, go.</summary>
    public void Tick()
    {
        TimeSpan now = Now;
        foreach (ConsumerMember member in Members.All.Where(member => member.SessionEnd <= now || member.RevocationEnd <= now).ToArray())
        {
            Remove(member);
        }
    }

    /// <summary>What has changed since the last call, to be stored in this order.</summary>
    public IReadOnlyList<GroupRecord> TakeChanges() => _changes.Take();

    /// <summary>The changes could not be stored: they come with the next ones.</summary>
    public void PutBack(IReadOnlyList<GroupRecord> changes) => _changes.PutBack(changes);

    /// <summary>Records that delete all that is stored of the group.</summary>
    public IEnumerable<GroupRecord> Tombstones() =>
        [.. Members.All.SelectMany(member => ConsumerGroupChanges.TombstonesOf(id, member.Id)), new DealRecord(id, null), new EpochRecord(id, null)];

    /// <summary>Takes in a stored record.</summary>
    public void Apply(ConsumerGroupRecord record)
    {
        switch (record)
        {
            case EpochRecord { State: { } state }:
                Epoch = state.Epoch;
                _fingerprint = state.Fingerprint;
                break;
            case DealRecord { Epoch: { } epoch }:
                AssignmentEpoch = epoch;
                break;
            case SubscriptionRecord { Subscription: null, MemberId: var gone }:
                if (Members.Find(gone) is { } left)
                {
                    Members.Remove(left);
                }

                break;
            case SubscriptionRecord { Subscription: { } subscription, MemberId: var member }:
                Members.SetSubscription(LoadedMember(member), subscription);
                break;
            case TargetRecord { Target: { } target, MemberId: var member }:
                LoadedMember(member).Target = target;
                break;
            case PlaceRecord { Place: { } place, MemberId: var member }:
                Members.SetPlace(LoadedMember(member), place);
                break;
        }
    }

    private TimeSpan Now => time.GetElapsedTime(0);

    private ConsumerGroupHeartbeatResponse Answer(ConsumerMember member, int epoch, IReadOnlyList<TopicIdPartitions>? assignment) => new(
        ErrorCode.None, null, member.Id, epoch, (int)options.GroupConsumerHeartbeatInterval.TotalMilliseconds, assignment);

    private ConsumerMember LoadedMember(string memberId)
    {
        if (Members.Find(memberId) is not { } member)
        {
            member = new ConsumerMember(memberId) { SessionEnd = Now + options.GroupConsumerSessionTimeout };
            Members.Add(member);
        }

        return member;
    }

    /// <summary>Finds the member and what speaks against the request; null when nothing does.</summary>
    private ConsumerGroupHeartbeatResponse? Problem(ConsumerGroupHeartbeatRequest request, ImmutableHashSet<TopicIdPartition>? owned, out ConsumerMember? member)
    {
        member = request.InstanceId is { } instance ? Members.FindInstance(instance) : Members.Find(request.MemberId);
        return request.IsJoin ? JoinProblem(request, member)
            : member is null ? Refused(ErrorCode.UnknownMemberId, $"'{request.MemberId}' is not a member of the group '{id}'.")
            : member.Id != request.MemberId ? Refused(ErrorCode.FencedInstanceId, $"The instance '{request.InstanceId}' is now the member '{member.Id}'.")
            : IsAt(member.Place, request.MemberEpoch, owned) ? null
            : Refused(ErrorCode.FencedMemberEpoch, $"The member is at epoch {member.Place.Epoch}, not {request.MemberEpoch}: it must give up its partitions and join again.");
    }

    private ConsumerGroupHeartbeatResponse? JoinProblem(ConsumerGroupHeartbeatRequest request, ConsumerMember? member) =>
        member is null
            ? Members.Count >= options.MaxGroupMembers ? Refused(ErrorCode.GroupMaxSizeReached, $"The group has {Members.Count} members, and may have no more.") : null
            : member.Id == request.MemberId || member.IsAway ? null
            : Refused(ErrorCode.UnreleasedInstanceId, $"The instance '{request.InstanceId}' is still the member '{member.Id}'.");

    /// <summary>A member that lost an answer names the epoch before; it cannot own what only the lost answer gave it.</summary>
    private static bool IsAt(MemberPlace place, int epoch, ImmutableHashSet<TopicIdPartition>? owned) =>
        epoch == place.Epoch || (epoch == place.PreviousEpoch && epoch < place.Epoch && owned?.All(place.Assigned.ContainsKey) == true);

    private ConsumerMember Join(ConsumerGroupHeartbeatRequest request, ConsumerMember? earlier)
    {
        var member = new ConsumerMember(request.MemberId.Length > 0 ? request.MemberId : KafkaUuid.ToText(Guid.NewGuid()));
        if (earlier is not null && earlier.Id == member.Id)
        {
            // It has given up everything and starts over.
            Members.SetPlace(earlier, MemberPlace.New);
            earlier.RevocationEnd = null;
            return earlier;
        }

        if (earlier is not null)
        {
            // A static member is back under a new id, and gets what its old self had.
            Members.Remove(earlier);
            _changes.AddRange(ConsumerGroupChanges.TombstonesOf(id, earlier.Id));
            member.Target = earlier.Target;
            _changes.Add(new TargetRecord(id, member.Id, member.Target));
        }

        Members.Add(member);
        if (earlier is not null)
        {
            SetSubscription(member, earlier.Subscription);
        }

        return member;
    }

    /// <summary>Takes in what the member says of itself; true when the partitions may have to be dealt out anew.</summary>
    private bool UpdateSubscription(ConsumerMember member, ConsumerGroupHeartbeatRequest request, string clientId, string clientHost)
    {
        MemberSubscription before = member.Subscription;
        MemberSubscription after = before.After(request, clientId, clientHost);
        if (after.IsSameAs(before))
        {
            return false;
        }

        SetSubscription(member, after);
        if (before != MemberSubscription.None && after.WantsSameAs(before))
        {
            return false;
        }

        _topics = null;
        return true;
    }

    private void SetSubscription(ConsumerMember member, MemberSubscription subscription)
    {
        Members.SetSubscription(member, subscription);
        _changes.Add(new SubscriptionRecord(id, member.Id, subscription));
    }

    /// <summary>Looks at the topics again if the cluster or a subscription has changed; true when others or more partitions are to be dealt out.</summary>
    private bool NoticeTopics(ClusterView view)
    {
        if (_topics?.View == view)
        {
            return false;
        }

        _topics = new SubscribedTopics(view, Members.All);
        long fingerprint = _topics.Fingerprint();
        bool changed = fingerprint != _fingerprint;
        _fingerprint = fingerprint;
        return changed;
    }

    private void DealOut()
    {
        ConsumerMember[] members = [.. Members.All];
        IReadOnlyList<ImmutableHashSet<TopicIdPartition>> shares = Assignor.Assign(
            [.. members.Select(member => new AssignedMember(member.Subscription.InstanceId ?? member.Id, _topics!.TopicsOf(member.Subscription), member.Target))],
            _topics!.Partitions);
        for (int index = 0; index < members.Length; index++)
        {
            if (!members[index].Target.SetEquals(shares[index]))
            {
                members[index].Target = shares[index];
                _changes.Add(new TargetRecord(id, members[index].Id, shares[index]));
            }
        }

        AssignmentEpoch = Epoch;
        _changes.Add(new DealRecord(id, AssignmentEpoch));
    }

    private void Reconcile(ConsumerMember member, ImmutableHashSet<TopicIdPartition>? owned)
    {
        member.LastOwned = owned ?? member.LastOwned;
        MemberPlace next = Reconciliation.Step(member.Place, member.Target, AssignmentEpoch, owned, member.LastOwned, partition => Members.IsHeldByOther(partition, member));
        if (!next.IsSameAs(member.Place))
        {
            SetPlace(member, next);
            member.RevocationEnd = null;
        }

        if (next.Epoch < AssignmentEpoch)
        {
            member.RevocationEnd ??= Now + TimeSpan.FromMilliseconds(member.Subscription.RebalanceTimeoutMs);
        }
    }

    private void SetPlace(ConsumerMember member, MemberPlace place)
    {
        Members.SetPlace(member, place);
        _changes.Add(new PlaceRecord(id, member.Id, place));
    }

    private ConsumerGroupHeartbeatResponse Leave(ConsumerGroupHeartbeatRequest request)
    {
        ConsumerMember? member = request.InstanceId is { } instance ? Members.FindInstance(instance) : Members.Find(request.MemberId);
        if (member is null)
        {
            return Refused(ErrorCode.UnknownMemberId, $"'{request.MemberId}' is not a member of the group '{id}'.");
        }

        if (member.Id != request.MemberId)
        {
            return Refused(ErrorCode.FencedInstanceId, $"The instance '{request.InstanceId}' is now the member '{member.Id}'.");
        }

        if (request.MemberEpoch == ConsumerGroupHeartbeatRequest.LeaveForNow)
        {
            // Its share is kept for it until its session ends.
            SetPlace(member, MemberPlace.New with { Epoch = ConsumerMember.LeftForNow, PreviousEpoch = member.Place.Epoch });
            member.RevocationEnd = null;
        }
        else
        {
            Remove(member);
        }

        return Answer(member, request.MemberEpoch, null);
    }

    private void Remove(ConsumerMember member)
    {
        Members.Remove(member);
        EmptySince = time.GetUtcNow().ToUnixTimeMilliseconds();
        _changes.AddRange(ConsumerGroupChanges.TombstonesOf(id, member.Id));
        _topics = null;
        Epoch++;
        _changes.Add(CurrentEpoch());
    }

    private EpochRecord CurrentEpoch() => new(id, new ConsumerGroupEpoch(Epoch, _fingerprint ?? 0));

    private static ConsumerGroupHeartbeatResponse Refused(ErrorCode error, string message) => ConsumerGroupHeartbeatResponse.Refused(error, message);
}
