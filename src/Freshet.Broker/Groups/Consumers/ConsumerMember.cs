using System.Collections.Immutable;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>One member of a group of the consumer protocol.</summary>
internal sealed class ConsumerMember(string id)
{
    /// <summary>Stored epoch of a static member that said it will be back.</summary>
    public const int LeftForNow = -2;

    public string Id { get; } = id;

    public MemberSubscription Subscription { get; set; } = MemberSubscription.None;

    public MemberPlace Place { get; set; } = MemberPlace.New;

    /// <summary>Whether it may know of a topic: a pattern shows it no others.</summary>
    public Func<string, bool> MayKnow { get; set; } = _ => true;

    /// <summary>What it is to own.</summary>
    public ImmutableHashSet<TopicIdPartition> Target { get; set; } = [];

    /// <summary>What it last said it owns; null when it has not said so since the group was loaded.</summary>
    public ImmutableHashSet<TopicIdPartition>? LastOwned { get; set; }

    /// <summary>Time at which it is taken for dead.</summary>
    public TimeSpan SessionEnd { get; set; }

    /// <summary>Time until which it must have done what it was told to (take partitions, give them up, join again); null when there is nothing.</summary>
    public TimeSpan? Deadline { get; set; }

    /// <summary>Whether it is of the classic protocol.</summary>
    public bool IsClassic => Subscription.Classic is not null;

    public bool IsAway => Place.Epoch == LeftForNow;

    public bool IsSettled(int epoch) => Place.State == MemberState.Stable && Place.Epoch == epoch;

    public void HasUntil(TimeSpan now) => Deadline ??= now + TimeSpan.FromMilliseconds(Subscription.RebalanceTimeoutMs);
}
