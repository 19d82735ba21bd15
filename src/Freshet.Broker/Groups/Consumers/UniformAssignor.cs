using System.Collections.Immutable;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>
/// Gives the members as equal numbers of partitions as their subscriptions allow, and moves as few as that takes: everybody first
/// keeps what he had, then what nobody has goes to whoever has least, then partitions move from those with more to those with less.
/// </summary>
internal sealed class UniformAssignor : IServerAssignor
{
    public string Name => "uniform";

    public IReadOnlyList<ImmutableHashSet<TopicIdPartition>> Assign(IReadOnlyList<AssignedMember> members, IReadOnlyDictionary<Guid, int> partitions)
    {
        var deal = new UniformDeal(members, partitions);
        deal.KeepWhatTheyHad();
        deal.GiveOutTheRest();
        deal.Balance();
        return deal.Shares();
    }
}
