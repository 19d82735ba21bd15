using System.Collections.Immutable;
using Freshet.Broker.Cluster;
using Freshet.Broker.Groups.Storage;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>Deals the partitions out to the members of a group: anew whenever members, subscriptions or topics have changed, which the epoch counts.</summary>
internal sealed class TargetAssignment(string group, ConsumerMembers members, GroupChanges changes)
{
    private long? _fingerprint;
    private SubscribedTopics? _topics;

    /// <summary>Counts the changes of members, subscriptions and topics.</summary>
    public int Epoch { get; private set; }

    /// <summary>The <see cref="Epoch"/> for which the partitions were last dealt out.</summary>
    public int DealtEpoch { get; private set; }

    public IServerAssignor Assignor => ServerAssignors.MostWished(members.All.Select(member => member.Subscription.Assignor));

    /// <summary>Begins at an epoch, so that epochs only grow while a group changes between the protocols.</summary>
    public void StartAt(int epoch, bool isDealt)
    {
        SetEpoch(epoch);
        if (isDealt)
        {
            SetDealtEpoch();
        }
    }

    /// <summary>Deals the partitions out if anything has changed.</summary>
    /// <param name="subscriptionsChanged">Whether members want something else than before.</param>
    public void Update(ClusterView view, bool subscriptionsChanged)
    {
        _topics = subscriptionsChanged ? null : _topics;
        SubscribedTopics topics = TopicsIn(view);
        if (subscriptionsChanged || topics.Fingerprint != _fingerprint)
        {
            _fingerprint = topics.Fingerprint;
            SetEpoch(Epoch + 1);
        }

        if (Epoch > DealtEpoch)
        {
            DealOut(topics);
        }
    }

    /// <summary>What members had that have left is to be dealt out, with the next heartbeat of those that remain.</summary>
    public void MembersLeft()
    {
        _topics = null;
        SetEpoch(Epoch + 1);
    }

    /// <summary>Whether a member subscribes to the topic.</summary>
    public bool Includes(string topic, ClusterView view) => members.All.Any(member => member.Subscription.TopicNames.Contains(topic)
        || (view.Find(topic) is { } known && TopicsIn(view).TopicsOf(member.Subscription).Contains(known.Id)));

    /// <summary>Takes in a stored record.</summary>
    public void Apply(ConsumerGroupRecord record)
    {
        if (record is EpochRecord { State: { } state })
        {
            Epoch = state.Epoch;
            _fingerprint = state.Fingerprint;
        }
        else if (record is DealRecord { Epoch: { } epoch })
        {
            DealtEpoch = epoch;
        }
    }

    private SubscribedTopics TopicsIn(ClusterView view) => _topics = _topics?.View == view ? _topics : new SubscribedTopics(view, members.All);

    private void DealOut(SubscribedTopics topics)
    {
        ConsumerMember[] dealt = [.. members.All];
        IReadOnlyList<ImmutableHashSet<TopicIdPartition>> shares = Assignor.Assign(
            [.. dealt.Select(member => new AssignedMember(member.Subscription.InstanceId ?? member.Id, topics.TopicsOf(member.Subscription), member.Target))],
            topics.Partitions);
        for (int index = 0; index < dealt.Length; index++)
        {
            if (!dealt[index].Target.SetEquals(shares[index]))
            {
                members.SetTarget(dealt[index], shares[index]);
            }
        }

        SetDealtEpoch();
    }

    private void SetEpoch(int epoch)
    {
        Epoch = epoch;
        changes.Add(new EpochRecord(group, new ConsumerGroupEpoch(epoch, _fingerprint ?? 0)));
    }

    private void SetDealtEpoch()
    {
        DealtEpoch = Epoch;
        changes.Add(new DealRecord(group, DealtEpoch));
    }
}
