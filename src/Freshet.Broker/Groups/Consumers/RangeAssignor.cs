using System.Collections.Immutable;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>
/// Gives each member a range of neighbouring partitions of every topic it wants. Topics with as many partitions and the same
/// members are dealt out alike, so that a member can join them by key.
/// </summary>
internal sealed class RangeAssignor : IServerAssignor
{
    public string Name => "range";

    public IReadOnlyList<ImmutableHashSet<TopicIdPartition>> Assign(IReadOnlyList<AssignedMember> members, IReadOnlyDictionary<Guid, int> partitions)
    {
        ImmutableHashSet<TopicIdPartition>.Builder[] shares = [.. members.Select(_ => ImmutableHashSet.CreateBuilder<TopicIdPartition>())];
        int[] order = [.. Enumerable.Range(0, members.Count).OrderBy(index => members[index].SortKey, StringComparer.Ordinal)];
        foreach ((Guid topic, int count) in partitions)
        {
            int[] readers = [.. order.Where(index => members[index].Topics.Contains(topic))];
            int next = 0;
            for (int place = 0; place < readers.Length; place++)
            {
                int size = (count / readers.Length) + (place < count % readers.Length ? 1 : 0);
                shares[readers[place]].UnionWith(Enumerable.Range(next, size).Select(partition => new TopicIdPartition(topic, partition)));
                next += size;
            }
        }

        return [.. shares.Select(share => share.ToImmutable())];
    }
}
