using System.Collections.Immutable;
using CsCheck;
using Freshet.Broker.Groups.Consumers;

namespace Freshet.Broker.Tests.Groups.Consumers;

/// <summary>The server's assignors.</summary>
public class ServerAssignorTests
{
    private static readonly Guid[] Topics = [.. Enumerable.Range(1, 4).Select(number => new Guid(number, 0, 0, new byte[8]))];

    /// <summary>Members with subscriptions, and the partitions of the topics.</summary>
    private static readonly Gen<(IReadOnlyList<AssignedMember> Members, Dictionary<Guid, int> Partitions)> Cases =
        Gen.Select(Gen.Bool.Array[Topics.Length].Array[1, 12], Gen.Int[1, 12].Array[Topics.Length]).Select((wishes, counts) =>
        (
            (IReadOnlyList<AssignedMember>)[.. wishes.Select((wish, index) => new AssignedMember(
                $"m{index:00}", Topics.Where((_, topic) => wish[topic]).ToHashSet(), []))],
            Topics.Zip(counts).Where((_, topic) => wishes.Any(wish => wish[topic])).ToDictionary(pair => pair.First, pair => pair.Second)));

    [Theory]
    [InlineData("uniform")]
    [InlineData("range")]
    public void Every_partition_goes_to_exactly_one_member_that_wants_its_topic(string name) =>
        Cases.Sample(given =>
        {
            IReadOnlyList<ImmutableHashSet<TopicIdPartition>> shares = ServerAssignors.Find(name)!.Assign(given.Members, given.Partitions);
            Assert.All(given.Members.Zip(shares), pair => Assert.All(pair.Second, partition => Assert.Contains(partition.TopicId, pair.First.Topics)));
            Assert.Equal(
                given.Partitions.SelectMany(topic => Enumerable.Range(0, topic.Value).Select(index => (topic.Key, index))).Order(),
                shares.SelectMany(share => share).Select(partition => (partition.TopicId, partition.Index)).Order());
        });

    [Fact]
    public void Uniform_leaves_no_partition_that_a_less_loaded_member_could_take() =>
        Cases.Sample(given =>
        {
            IReadOnlyList<ImmutableHashSet<TopicIdPartition>> shares = new UniformAssignor().Assign(given.Members, given.Partitions);
            for (int owner = 0; owner < shares.Count; owner++)
            {
                foreach (TopicIdPartition partition in shares[owner])
                {
                    int least = Enumerable.Range(0, shares.Count).Where(member => given.Members[member].Topics.Contains(partition.TopicId)).Min(member => shares[member].Count);
                    Assert.True(shares[owner].Count <= least + 1);
                }
            }
        });

    [Fact]
    public void Uniform_moves_no_more_partitions_than_a_member_that_comes_or_goes_takes() =>
        Gen.Select(Gen.Int[1, 10], Gen.Int[1, 40], Gen.Bool).Sample((members, partitions, comes) =>
        {
            Dictionary<Guid, int> topic = new() { [Topics[0]] = partitions };
            AssignedMember[] before = [.. Enumerable.Range(0, members + 1).Select(index => new AssignedMember($"m{index:00}", topic.Keys.ToHashSet(), []))];
            AssignedMember[] first = comes ? before[..^1] : before;
            IReadOnlyList<ImmutableHashSet<TopicIdPartition>> old = new UniformAssignor().Assign(first, topic);
            AssignedMember[] then = [.. (comes ? before : before[..^1]).Select((member, index) => member with { Before = index < old.Count ? old[index] : [] })];
            IReadOnlyList<ImmutableHashSet<TopicIdPartition>> shares = new UniformAssignor().Assign(then, topic);
            int moved = shares.Zip(then).Sum(pair => pair.First.Except(pair.Second.Before).Count);
            Assert.Equal(comes ? shares[^1].Count : old[^1].Count, moved);
        });

    [Fact]
    public void Range_gives_neighbouring_partitions_and_the_same_of_each_topic()
    {
        AssignedMember[] members = [.. "abc".Select(name => new AssignedMember($"{name}", Topics[..2].ToHashSet(), []))];
        IReadOnlyList<ImmutableHashSet<TopicIdPartition>> shares = new RangeAssignor().Assign(members, new Dictionary<Guid, int> { [Topics[0]] = 7, [Topics[1]] = 7 });
        Assert.Equal([0, 1, 2, 0, 1, 2], shares[0].OrderBy(partition => (partition.TopicId, partition.Index)).Select(partition => partition.Index));
        Assert.Equal([3, 4, 3, 4], shares[1].OrderBy(partition => (partition.TopicId, partition.Index)).Select(partition => partition.Index));
        Assert.Equal([5, 6, 5, 6], shares[2].OrderBy(partition => (partition.TopicId, partition.Index)).Select(partition => partition.Index));
    }
}
