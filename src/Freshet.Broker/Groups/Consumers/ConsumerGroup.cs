using System.Collections.Immutable;
using Freshet.Broker.Groups.Migration;
using Freshet.Broker.Groups.Settings;
using Freshet.Broker.Groups.Storage;
using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>
/// One group under the consumer protocol (KIP-848), without sockets, threads or disk: the server deals the partitions out and leads each
/// member to its share. Callers exclude each other by locking the group; time passes by <see cref="Tick"/>; what is to be stored is noted
/// in the group's <see cref="GroupChanges"/>.
/// </summary>
internal sealed class ConsumerGroup
{
    private readonly string _id;
    private readonly BrokerOptions _options;
    private readonly TimeProvider _time;
    private readonly GroupSettings _settings;

    public ConsumerGroup(string id, BrokerOptions options, TimeProvider time, GroupChanges changes, GroupSettings? settings = null)
    {
        _id = id;
        _options = options;
        _time = time;
        _settings = settings ?? new GroupSettings(options);
        Members = new ConsumerMembers(id, changes);
        Target = new TargetAssignment(id, Members, changes);
        Heartbeats = new ConsumerHeartbeats(id, this, options);
        Classic = new ClassicMembers(this, options);
    }

    public ConsumerMembers Members { get; }

    public TargetAssignment Target { get; }

    /// <summary>What members of the consumer protocol ask.</summary>
    public ConsumerHeartbeats Heartbeats { get; }

    /// <summary>What members of the classic protocol ask.</summary>
    public ClassicMembers Classic { get; }

    /// <summary>Whether only members of the classic protocol are left, and it may become a classic group again.</summary>
    public bool IsDowngradeDue =>
        !IsEmpty && Members.ClassicCount == Members.Count && _options.GroupMigrationPolicy.AllowsDowngrade() && Members.Count <= _options.MaxGroupMembers;

    public bool IsEmpty => Members.Count == 0;

    /// <summary>Time at which the last member left, in milliseconds since 1970; 0 when that was before the group was loaded.</summary>
    public long EmptySince { get; private set; }

    public ConsumerGroupState State =>
        IsEmpty ? ConsumerGroupState.Empty
        : Target.Epoch > Target.DealtEpoch ? ConsumerGroupState.Assigning
        : Members.All.All(member => member.IsSettled(Target.DealtEpoch)) ? ConsumerGroupState.Stable
        : ConsumerGroupState.Reconciling;

    public TimeSpan HeartbeatInterval => _settings.Of(_id, GroupSetting.HeartbeatInterval);

    public TimeSpan Now => _time.GetElapsedTime(0);

    /// <summary>Removes a member at its own or an operator's wish.</summary>
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

    public void Remove(params IReadOnlyCollection<ConsumerMember> leaving)
    {
        foreach (ConsumerMember member in leaving)
        {
            Members.Remove(member);
        }

        EmptySince = leaving.Count > 0 ? _time.GetUtcNow().ToUnixTimeMilliseconds() : EmptySince;
        if (leaving.Count > 0 && !IsDowngradeDue)
        {
            Target.MembersLeft(); // Not before a downgrade: members at this epoch go on in the classic generation of that number.
        }
    }

    /// <summary>Leads a member one step towards its target.</summary>
    /// <param name="owned">What the member says it owns; null when it did not say.</param>
    public void Reconcile(ConsumerMember member, ImmutableHashSet<TopicIdPartition>? owned)
    {
        member.LastOwned = owned ?? member.LastOwned;
        MemberPlace next = Reconciliation.Step(
            member.Place, member.Target, Target.DealtEpoch, owned, member.LastOwned, partition => Members.IsHeldByOther(partition, member));
        if (!next.IsSameAs(member.Place))
        {
            Members.SetPlace(member, next);
            member.Deadline = null;
        }

        if (next.Epoch < Target.DealtEpoch)
        {
            member.HasUntil(Now);
        }
    }

    /// <summary>The member lives.</summary>
    public void Alive(ConsumerMember member) => member.SessionEnd = Now + (member.Subscription.Classic?.SessionTimeout ?? _settings.Of(_id, GroupSetting.SessionTimeout));

    /// <summary>Lets time pass: members that are silent for too long, or do not do what they are to, go.</summary>
    public void Tick()
    {
        TimeSpan now = Now;
        Remove([.. Members.All.Where(member => member.SessionEnd <= now || member.Deadline <= now)]);
    }

    /// <summary>Records that delete all that is stored of the group.</summary>
    public IEnumerable<GroupRecord> Tombstones() => [.. Members.All.SelectMany(Members.TombstonesOf), new DealRecord(_id, null), new EpochRecord(_id, null)];

    /// <summary>Takes in a stored record.</summary>
    public void Apply(ConsumerGroupRecord record)
    {
        if (record is ConsumerMemberRecord ofMember)
        {
            Members.Apply(ofMember);
            if (Members.Find(ofMember.MemberId) is { } loaded)
            {
                Alive(loaded);
            }
        }
        else
        {
            Target.Apply(record);
        }
    }
}
