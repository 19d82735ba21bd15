using System.Collections.Immutable;
using Freshet.Broker.Groups.Storage;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>The members of a group of the consumer protocol, and who holds which partition. What changes in them is noted as records to be stored.</summary>
internal sealed class ConsumerMembers(string group, GroupChanges changes)
{
    private readonly Dictionary<string, ConsumerMember> _byId = [];
    private readonly Dictionary<string, ConsumerMember> _byInstance = [];
    private readonly Dictionary<TopicIdPartition, ConsumerMember> _holders = [];

    public IReadOnlyCollection<ConsumerMember> All => _byId.Values;

    public int Count => _byId.Count;

    /// <summary>How many are of the classic protocol.</summary>
    public int ClassicCount { get; private set; }

    public ConsumerMember? Find(string id) => _byId.GetValueOrDefault(id);

    public ConsumerMember? FindInstance(string instanceId) => _byInstance.GetValueOrDefault(instanceId);

    public bool IsHeldByOther(TopicIdPartition partition, ConsumerMember member) => _holders.TryGetValue(partition, out ConsumerMember? holder) && holder != member;

    public ConsumerMember Add(string id)
    {
        var member = new ConsumerMember(id);
        _byId.Add(id, member);
        return member;
    }

    /// <summary>A static member is back under a new id, and is to own what its old self was to own.</summary>
    public ConsumerMember Replace(ConsumerMember earlier, string newId)
    {
        Remove(earlier);
        ConsumerMember member = Add(newId);
        SetTarget(member, earlier.Target);
        SetSubscription(member, earlier.Subscription);
        return member;
    }

    public void Remove(ConsumerMember member)
    {
        Forget(member);
        changes.AddRange(TombstonesOf(member));
    }

    public void SetSubscription(ConsumerMember member, MemberSubscription subscription)
    {
        Subscribe(member, subscription);
        changes.Add(new SubscriptionRecord(group, member.Id, subscription));
    }

    public void SetTarget(ConsumerMember member, ImmutableHashSet<TopicIdPartition> target)
    {
        member.Target = target;
        changes.Add(new TargetRecord(group, member.Id, target));
    }

    public void SetPlace(ConsumerMember member, MemberPlace place)
    {
        Put(member, place);
        changes.Add(new PlaceRecord(group, member.Id, place));
    }

    /// <summary>A member that joins again under its id has given up everything and starts over.</summary>
    public void StartOver(ConsumerMember member)
    {
        Put(member, MemberPlace.New);
        member.Deadline = null;
    }

    /// <summary>Records that delete all that is stored of a member.</summary>
    public IEnumerable<GroupRecord> TombstonesOf(ConsumerMember member) =>
        [new PlaceRecord(group, member.Id, null), new TargetRecord(group, member.Id, null), new SubscriptionRecord(group, member.Id, null)];

    /// <summary>Takes in a stored record.</summary>
    public void Apply(ConsumerMemberRecord record)
    {
        ConsumerMember? member = Find(record.MemberId) ?? (record.IsDeletion ? null : Add(record.MemberId));
        switch (record)
        {
            case SubscriptionRecord { Subscription: null } when member is not null:
                Forget(member);
                break;
            case SubscriptionRecord { Subscription: { } subscription }:
                Subscribe(member!, subscription);
                break;
            case TargetRecord { Target: { } target }:
                member!.Target = target;
                break;
            case PlaceRecord { Place: { } place }:
                Put(member!, place);
                break;
        }
    }

    private void Forget(ConsumerMember member)
    {
        _byId.Remove(member.Id);
        Release(member);
        ClassicCount -= member.IsClassic ? 1 : 0;
        if (member.Subscription.InstanceId is { } instance && _byInstance.GetValueOrDefault(instance) == member)
        {
            _byInstance.Remove(instance);
        }
    }

    private void Subscribe(ConsumerMember member, MemberSubscription subscription)
    {
        ClassicCount -= member.IsClassic ? 1 : 0;
        member.Subscription = subscription;
        ClassicCount += member.IsClassic ? 1 : 0;
        if (subscription.InstanceId is { } instance)
        {
            _byInstance[instance] = member;
        }
    }

    private void Put(ConsumerMember member, MemberPlace place)
    {
        Release(member);
        member.Place = place;
        foreach (TopicIdPartition partition in place.Held)
        {
            _holders[partition] = member;
        }
    }

    private void Release(ConsumerMember member)
    {
        foreach (TopicIdPartition partition in member.Place.Held)
        {
            if (_holders.GetValueOrDefault(partition) == member)
            {
                _holders.Remove(partition);
            }
        }
    }
}
