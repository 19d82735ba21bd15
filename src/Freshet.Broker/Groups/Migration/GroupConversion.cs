using System.Collections.Immutable;
using Freshet.Broker.Cluster;
using Freshet.Broker.Groups.Classic;
using Freshet.Broker.Groups.Consumers;
using Freshet.Broker.Groups.Settings;
using Freshet.Broker.Groups.Storage;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups.Migration;

/// <summary>
/// Changes a group from one protocol to the other (KIP-848): at once while it is empty, and with its members in it as far as the policy
/// allows. Members of the classic protocol may live in a group of the consumer protocol, but not the other way round.
/// </summary>
internal sealed class GroupConversion(Group group, BrokerOptions options, TimeProvider time, GroupSettings settings)
{
    // Nobody reads what these put into assignments: librdkafka's leader sends back what the members of cooperative-sticky said of themselves.
    private static readonly string?[] KafkasAssignors = ["range", "roundrobin", "sticky", "cooperative-sticky"];

    /// <summary>Makes it a group of the consumer protocol; says why not if it cannot be.</summary>
    public string? ToConsumer(ClusterView view)
    {
        if (group.Consumer is not null)
        {
            return null;
        }

        string? problem = group.Members.IsEmpty ? null : UpgradeProblem();
        if (problem is null)
        {
            Upgrade(view);
        }

        return problem;
    }

    /// <summary>Makes a group of the consumer protocol a classic one if nobody is in it.</summary>
    public void ToClassicIfEmpty()
    {
        if (group.Consumer is { IsEmpty: true } consumer)
        {
            group.Changes.AddRange(consumer.Tombstones());
            group.Generation = consumer.Target.Epoch;
            group.Consumer = null;
        }
    }

    /// <summary>Makes it a classic group when only members of the classic protocol are left and the policy allows it.</summary>
    public void DowngradeIfDue(ClusterView view)
    {
        if (group.Consumer is { IsDowngradeDue: true } consumer && !group.IsDeleted)
        {
            Downgrade(consumer, view);
        }
    }

    /// <summary>Takes in a stored record of the consumer protocol.</summary>
    public void Restore(ConsumerGroupRecord record)
    {
        if (record is EpochRecord { State: null })
        {
            group.Generation = group.Consumer?.Target.Epoch ?? group.Generation;
            group.Consumer = null;
        }
        else if (group.Consumer is not null || !record.IsDeletion)
        {
            group.Consumer ??= NewConsumer();
            group.Consumer.Apply(record);
        }
    }

    private ConsumerGroup NewConsumer() => new(group.Id, options, time, group.Changes, settings);

    private string? UpgradeProblem()
    {
        GroupMembers members = group.Members;
        return !options.GroupMigrationPolicy.AllowsUpgrade() ? Problem("and group.consumer.migration.policy does not let it change while they are in it")
            : group.ProtocolType != EmbeddedSubscription.ConsumerType ? Problem("which are no consumers")
            : members.Count >= options.MaxGroupMembers ? Problem($"and may have no more than these {members.Count}")
            : members.All.Any(member => EmbeddedSubscription.TryRead(member.Protocols[0].Metadata) is null || EmbeddedAssignment.TryRead(member.Assignment) is null)
                ? Problem("whose subscriptions or assignments cannot be read")
            : !KafkasAssignors.Contains(group.Protocol) && members.All.Any(member => EmbeddedAssignment.TryRead(member.Assignment)!.HasUserData)
                ? Problem($"whose assignor '{group.Protocol}' gives them data with their partitions, which the server cannot: change to one of Kafka's own first")
            : null;
    }

    private string Problem(string reason) => $"The group '{group.Id}' has members of the classic protocol, {reason}.";

    /// <summary>
    /// Members keep what they have; their generation becomes their epoch. Whoever waits for a rebalance is to join again. What a member had
    /// when it joined and nobody has been given since is still to be given up by it: it may not know so yet.
    /// </summary>
    private void Upgrade(ClusterView view)
    {
        if (group.Generation > 0)
        {
            group.Changes.Add(new MembershipRecord(group.Id, null));
        }

        ConsumerGroup consumer = NewConsumer();
        consumer.Target.StartAt(group.Generation, isDealt: !group.Members.IsEmpty);
        var assigned = group.Members.All.ToDictionary(member => member.Id, member => EmbeddedPartitions.ToIds(EmbeddedAssignment.TryRead(member.Assignment)!.Partitions, view));
        ImmutableHashSet<TopicIdPartition> all = [.. assigned.Values.SelectMany(partitions => partitions)];
        foreach (GroupMember member in group.Members.All)
        {
            EmbeddedSubscription embedded = EmbeddedSubscription.TryRead(member.Protocols[0].Metadata)!;
            ConsumerMember upgraded = consumer.Members.Add(member.Id);
            consumer.Members.SetSubscription(upgraded, MemberSubscription.None.After(JoinOf(member), embedded, member.ClientId, member.ClientHost));
            consumer.Members.SetTarget(upgraded, assigned[member.Id]);
            consumer.Members.SetPlace(upgraded, MemberPlace.Of(upgraded.Target, group.Generation).Revoke(EmbeddedPartitions.ToIds(embedded.Owned, view).Except(all)));
            consumer.Alive(upgraded);
        }

        group.ClearMembers();
        group.Consumer = consumer;
    }

    private JoinGroupRequest JoinOf(GroupMember member) => new(
        group.Id, (int)member.SessionTimeout.TotalMilliseconds, (int)member.RebalanceTimeout.TotalMilliseconds, member.Id, member.InstanceId,
        EmbeddedSubscription.ConsumerType, member.Protocols);

    /// <summary>The epoch becomes the generation, in which members have what they have now; a rebalance follows, which deals out the rest.</summary>
    private void Downgrade(ConsumerGroup consumer, ClusterView view)
    {
        group.Changes.AddRange(consumer.Tombstones());
        group.Consumer = null;
        group.Generation = consumer.Target.Epoch;
        group.ProtocolType = EmbeddedSubscription.ConsumerType;
        foreach (ConsumerMember member in consumer.Members.All)
        {
            MemberSubscription subscription = member.Subscription;
            ClassicMembership classic = subscription.Classic!;
            var join = new JoinGroupRequest(
                group.Id, classic.SessionTimeoutMs, subscription.RebalanceTimeoutMs, member.Id, subscription.InstanceId, EmbeddedSubscription.ConsumerType, classic.Protocols);
            var downgraded = new GroupMember(member.Id, join, subscription.ClientId, subscription.ClientHost)
            {
                Assignment = EmbeddedAssignment.Of(member.Place.Assigned.Keys, classic.EmbeddedVersion, view),
            };
            downgraded.Alive(group.Now);
            group.Members.Add(downgraded);
        }

        group.Protocol = group.Members.ChooseProtocol();
        group.State = GroupState.Stable;
        group.Changes.Add(new MembershipRecord(group.Id, Membership.Of(group, time.GetUtcNow().ToUnixTimeMilliseconds())));
        group.StoredVersion = group.Version;
        group.StartRebalance();
    }
}
