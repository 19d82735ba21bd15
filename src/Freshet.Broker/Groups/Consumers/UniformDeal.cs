using System.Collections.Immutable;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>One deal of the <see cref="UniformAssignor"/>.</summary>
internal sealed class UniformDeal
{
    private readonly IReadOnlyList<AssignedMember> _members;
    private readonly TopicIdPartition[] _partitions;
    private readonly Dictionary<TopicIdPartition, int> _owners = [];
    private readonly int[] _loads;

    // Topics with the same readers share one order of them by load.
    private readonly Dictionary<Guid, SortedSet<(int Load, int Member)>> _readers = [];
    private readonly List<SortedSet<(int Load, int Member)>>[] _ordersOf;

    public UniformDeal(IReadOnlyList<AssignedMember> members, IReadOnlyDictionary<Guid, int> partitions)
    {
        _members = members;
        _loads = new int[members.Count];
        _ordersOf = [.. members.Select(_ => new List<SortedSet<(int, int)>>())];
        int[] order = [.. Enumerable.Range(0, members.Count).OrderBy(index => members[index].SortKey, StringComparer.Ordinal)];
        var known = new Dictionary<string, SortedSet<(int Load, int Member)>>();
        foreach (Guid topic in partitions.Keys)
        {
            int[] readers = [.. order.Where(index => members[index].Topics.Contains(topic))];
            string key = string.Join(',', readers);
            if (!known.TryGetValue(key, out SortedSet<(int Load, int Member)>? byLoad))
            {
                known[key] = byLoad = [.. readers.Select(member => (0, member))];
                Array.ForEach(readers, member => _ordersOf[member].Add(byLoad));
            }

            _readers[topic] = byLoad;
        }

        _partitions = [.. partitions.Where(topic => _readers[topic.Key].Count > 0).OrderBy(topic => topic.Key)
            .SelectMany(topic => Enumerable.Range(0, topic.Value).Select(partition => new TopicIdPartition(topic.Key, partition)))];
    }

    public void KeepWhatTheyHad()
    {
        var dealt = _partitions.ToHashSet();
        for (int member = 0; member < _members.Count; member++)
        {
            foreach (TopicIdPartition partition in _members[member].Before)
            {
                if (dealt.Contains(partition) && _members[member].Topics.Contains(partition.TopicId) && !_owners.ContainsKey(partition))
                {
                    Give(partition, member);
                }
            }
        }
    }

    public void GiveOutTheRest()
    {
        foreach (TopicIdPartition partition in _partitions.Where(partition => !_owners.ContainsKey(partition)))
        {
            Give(partition, LeastLoaded(partition));
        }
    }

    /// <summary>Moves partitions while that makes the loads more equal; each move lessens the sum of their squares, so it ends.</summary>
    public void Balance()
    {
        bool moved;
        do
        {
            moved = false;
            foreach (TopicIdPartition partition in _partitions)
            {
                int least = LeastLoaded(partition);
                int owner = _owners[partition];
                if (_loads[owner] > _loads[least] + 1)
                {
                    SetLoad(owner, _loads[owner] - 1);
                    Give(partition, least);
                    moved = true;
                }
            }
        }
        while (moved);
    }

    public ImmutableHashSet<TopicIdPartition>[] Shares()
    {
        ILookup<int, TopicIdPartition> byOwner = _owners.ToLookup(entry => entry.Value, entry => entry.Key);
        return [.. Enumerable.Range(0, _members.Count).Select(member => byOwner[member].ToImmutableHashSet())];
    }

    private int LeastLoaded(TopicIdPartition partition) => _readers[partition.TopicId].Min.Member;

    private void Give(TopicIdPartition partition, int member)
    {
        _owners[partition] = member;
        SetLoad(member, _loads[member] + 1);
    }

    private void SetLoad(int member, int load)
    {
        foreach (SortedSet<(int Load, int Member)> order in _ordersOf[member])
        {
            order.Remove((_loads[member], member));
            order.Add((load, member));
        }

        _loads[member] = load;
    }
}
