using System.Collections.Immutable;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>Leads a member step by step from what it owns to its target (KIP-848): first it gives up, then it gets what others have given up.</summary>
internal static class Reconciliation
{
    /// <summary>The member's next place; the same one when there is nothing to do yet.</summary>
    /// <param name="targetEpoch">Epoch of the target.</param>
    /// <param name="owned">What the member says it owns; null when it did not say.</param>
    /// <param name="lastOwned">What it said it owns when it last did; null when that is not known.</param>
    /// <param name="isHeldByOther">Whether another member still holds the partition.</param>
    public static MemberPlace Step(
        MemberPlace place, ImmutableHashSet<TopicIdPartition> target, int targetEpoch, ImmutableHashSet<TopicIdPartition>? owned, ImmutableHashSet<TopicIdPartition>? lastOwned,
        Func<TopicIdPartition, bool> isHeldByOther) =>
        place.State switch
        {
            MemberState.Stable when place.Epoch == targetEpoch => place,
            MemberState.UnrevokedPartitions when StillHas(place.Revoking, owned) => place,
            _ => Next(place, target, targetEpoch, owned, lastOwned, isHeldByOther),
        };

    private static MemberPlace Next(
        MemberPlace place, ImmutableHashSet<TopicIdPartition> target, int targetEpoch, ImmutableHashSet<TopicIdPartition>? owned, ImmutableHashSet<TopicIdPartition>? lastOwned,
        Func<TopicIdPartition, bool> isHeldByOther)
    {
        ImmutableHashSet<TopicIdPartition> toRevoke = [.. place.Assigned.Keys.Where(partition => !target.Contains(partition))];
        ImmutableDictionary<TopicIdPartition, int> kept = place.Assigned.RemoveRange(toRevoke);
        if (!toRevoke.IsEmpty && StillHas(toRevoke, owned))
        {
            if (lastOwned is not null && lastOwned.SetEquals(kept.Keys))
            {
                // It is still taking what it was given. Told now to own what it said it owns, it would see no change and never say
                // that it gave the rest up (librdkafka does not); so it is told once it has said that it has the rest.
                return place;
            }

            return place with { PreviousEpoch = place.Epoch, State = MemberState.UnrevokedPartitions, Assigned = kept, Revoking = toRevoke };
        }

        TopicIdPartition[] missing = [.. target.Where(partition => !kept.ContainsKey(partition))];
        TopicIdPartition[] free = [.. missing.Where(partition => !isHeldByOther(partition))];
        return new MemberPlace(
            targetEpoch, place.Epoch, free.Length < missing.Length ? MemberState.UnreleasedPartitions : MemberState.Stable,
            kept.AddRange(free.Select(partition => KeyValuePair.Create(partition, targetEpoch))), []);
    }

    /// <summary>A member that says nothing still has what it had.</summary>
    private static bool StillHas(ImmutableHashSet<TopicIdPartition> revoked, ImmutableHashSet<TopicIdPartition>? owned) => owned?.Overlaps(revoked) ?? true;
}
