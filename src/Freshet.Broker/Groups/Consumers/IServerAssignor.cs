using System.Collections.Immutable;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>Deals the partitions of a group out to its members. Pure: the same members and topics give the same result.</summary>
internal interface IServerAssignor
{
    /// <summary>Name that members ask for it by.</summary>
    string Name { get; }

    /// <summary>What each member is to own, in the members' order. Every partition of a topic that somebody wants goes to exactly one who wants it.</summary>
    /// <param name="partitions">Number of partitions of each topic.</param>
    IReadOnlyList<ImmutableHashSet<TopicIdPartition>> Assign(IReadOnlyList<AssignedMember> members, IReadOnlyDictionary<Guid, int> partitions);
}

/// <summary>A member as an assignor sees it.</summary>
/// <param name="SortKey">Its place among the members; stays the same for a static member that comes back.</param>
/// <param name="Topics">Topics it wants.</param>
/// <param name="Before">What it was to own so far.</param>
internal sealed record AssignedMember(string SortKey, IReadOnlySet<Guid> Topics, ImmutableHashSet<TopicIdPartition> Before);
