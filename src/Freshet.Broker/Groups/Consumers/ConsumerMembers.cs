namespace Freshet.Broker.Groups.Consumers;

/// <summary>The members of a group of the consumer protocol, and who holds which partition.</summary>
internal sealed class ConsumerMembers
{
    private readonly Dictionary<string, ConsumerMember> _byId = [];
    private readonly Dictionary<string, ConsumerMember> _byInstance = [];
    private readonly Dictionary<TopicIdPartition, ConsumerMember> _holders = [];

    public IReadOnlyCollection<ConsumerMember> All => _byId.Values;

    public int Count => _byId.Count;

    public ConsumerMember? Find(string id) => _byId.GetValueOrDefault(id);

    public ConsumerMember? FindInstance(string instanceId) => _byInstance.GetValueOrDefault(instanceId);

    public void Add(ConsumerMember member)
    {
        _byId.Add(member.Id, member);
        Hold(member);
    }

    public void Remove(ConsumerMember member)
    {
        _byId.Remove(member.Id);
        Release(member);
        if (member.Subscription.InstanceId is { } instance && _byInstance.GetValueOrDefault(instance) == member)
        {
            _byInstance.Remove(instance);
        }
    }

    public void SetSubscription(ConsumerMember member, MemberSubscription subscription)
    {
        member.Subscription = subscription;
        if (subscription.InstanceId is { } instance)
        {
            _byInstance[instance] = member;
        }
    }

    public void SetPlace(ConsumerMember member, MemberPlace place)
    {
        Release(member);
        member.Place = place;
        Hold(member);
    }

    public bool IsHeldByOther(TopicIdPartition partition, ConsumerMember member) => _holders.TryGetValue(partition, out ConsumerMember? holder) && holder != member;

    private void Hold(ConsumerMember member)
    {
        foreach (TopicIdPartition partition in member.Place.Held)
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
