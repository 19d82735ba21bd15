using Confluent.Kafka;
using Freshet.Node;

namespace Freshet.Broker.Tests.Groups;

/// <summary>Twenty consumers that join, leave and die at random while records come in.</summary>
public class GroupChaosTests
{
    private const int Partitions = 12;
    private const int Records = 6000;
    private const int MaxMembers = 20;
    private const int RecordsPerAct = 60;

    [Theory]
    [InlineData(GroupProtocol.Classic, PartitionAssignmentStrategy.Range, 1)]
    [InlineData(GroupProtocol.Classic, PartitionAssignmentStrategy.CooperativeSticky, 2)]
    [InlineData(GroupProtocol.Consumer, null, 3)]
    public Task Every_record_is_processed_and_no_committed_offset_goes_back(GroupProtocol protocol, PartitionAssignmentStrategy? strategy, int seed) =>
        LiveAsync(_ => protocol, strategy, seed);

    [Theory]
    [InlineData(PartitionAssignmentStrategy.Range, 4)]
    [InlineData(PartitionAssignmentStrategy.CooperativeSticky, 5)]
    public Task Nor_when_members_of_both_protocols_come_and_go(PartitionAssignmentStrategy strategy, int seed) =>
        LiveAsync(random => random.Next(2) == 0 ? GroupProtocol.Classic : GroupProtocol.Consumer, strategy, seed);

    private static async Task LiveAsync(Func<Random, GroupProtocol> protocol, PartitionAssignmentStrategy? strategy, int seed)
    {
        await using FreshetNode node = await FreshetNode.StartAsync(new FreshetNodeOptions { ConfigureBroker = Crowd.Configure }, new TestLog());
        await node.CreateTopicAsync("t", Partitions);
        await using var crowd = new Crowd(node.BootstrapServers!);
        var random = new Random(seed);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        using IProducer<string, string> producer = node.Producer();
        for (int number = 0; number < Records; number++)
        {
            producer.Produce("t", new Message<string, string> { Key = $"{number}", Value = $"{number}" });
            if (number % RecordsPerAct == 0)
            {
                await ActAsync(crowd, random, protocol, strategy);
            }
        }

        producer.Flush(patience.Token);
        crowd.Add(protocol(random), strategy);
        while (crowd.Processed.Count < Records)
        {
            Assert.False(patience.IsCancellationRequested, $"Seed {seed}: {crowd.Processed.Count} of {Records} records were processed.");
            await Task.Delay(50);
        }

        await crowd.DisposeAsync();
        Assert.Empty(StoredCommits.GoingBack(node));
    }

    private static async Task ActAsync(Crowd crowd, Random random, Func<Random, GroupProtocol> protocol, PartitionAssignmentStrategy? strategy)
    {
        if (crowd.Count < MaxMembers && (crowd.Count == 0 || random.Next(5) < 3))
        {
            crowd.Add(protocol(random), strategy);
            return;
        }

        await crowd.RemoveAsync(random.Next(crowd.Count), says: random.Next(2) == 0);
    }
}
