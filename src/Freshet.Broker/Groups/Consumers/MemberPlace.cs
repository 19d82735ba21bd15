using System.Collections.Immutable;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>What a member owns and at which epoch. Never changes; a step of the reconciliation makes a new one.</summary>
/// <param name="Epoch">Epoch that the member must name in its next heartbeat.</param>
/// <param name="PreviousEpoch">Epoch before that: named again by a member that has lost an answer.</param>
/// <param name="Assigned">Partitions it owns, each with the member's epoch at which it got it.</param>
/// <param name="Revoking">Partitions it was told to give up.</param>
internal sealed record MemberPlace(
    int Epoch, int PreviousEpoch, MemberState State, ImmutableDictionary<TopicIdPartition, int> Assigned, ImmutableHashSet<TopicIdPartition> Revoking)
{
    /// <summary>The place of a member that just joined.</summary>
    public static MemberPlace New { get; } = new(0, 0, MemberState.Stable, ImmutableDictionary<TopicIdPartition, int>.Empty, []);

    /// <summary>The place of a member that has all it is to have.</summary>
    public static MemberPlace Of(IEnumerable<TopicIdPartition> owned, int epoch) =>
        new(epoch, epoch, MemberState.Stable, owned.ToImmutableDictionary(partition => partition, _ => epoch), []);

    /// <summary>The place of a member that is also to give partitions up.</summary>
    public MemberPlace Revoke(ImmutableHashSet<TopicIdPartition> partitions) =>
        partitions.IsEmpty ? this : this with { State = MemberState.UnrevokedPartitions, Revoking = partitions };

    /// <summary>Everything that nobody else may have yet.</summary>
    public IEnumerable<TopicIdPartition> Held => Assigned.Keys.Concat(Revoking);

    public bool OwnsSameAs(MemberPlace other) => Assigned.Count == other.Assigned.Count && Assigned.Keys.All(other.Assigned.ContainsKey);

    public bool IsSameAs(MemberPlace other) =>
        Epoch == other.Epoch && PreviousEpoch == other.PreviousEpoch && State == other.State && OwnsSameAs(other) && Revoking.SetEquals(other.Revoking);
}
