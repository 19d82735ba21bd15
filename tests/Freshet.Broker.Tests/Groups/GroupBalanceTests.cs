using System.Collections.Concurrent;
using Confluent.Kafka;
using Freshet.Node;

namespace Freshet.Broker.Tests.Groups;

/// <summary>Confluent's consumers sharing the partitions of a topic.</summary>
public class GroupBalanceTests
{
    [Theory]
    [InlineData(PartitionAssignmentStrategy.Range)]
    [InlineData(PartitionAssignmentStrategy.CooperativeSticky)]
    [InlineData(null)]
    public async Task Three_consumers_share_six_partitions_and_take_over_from_one_that_leaves(PartitionAssignmentStrategy? strategy)
    {
        await using FreshetNode node = await StartAsync();
        await node.CreateTopicAsync("t", 6);
        await using var group = new ConsumerGroup(node, strategy);
        group.Add();
        await group.BalancedAsync(6);
        group.Add();
        await group.BalancedAsync(3, 3);
        group.Add();
        await group.BalancedAsync(2, 2, 2);
        await group.RemoveAsync(0);
        await group.BalancedAsync(3, 3);
    }

    [Theory]
    [InlineData(PartitionAssignmentStrategy.Range)]
    [InlineData(null)]
    public async Task A_consumer_that_dies_without_a_word_is_replaced_after_its_session(PartitionAssignmentStrategy? strategy)
    {
        await using FreshetNode node = await StartAsync();
        await node.CreateTopicAsync("t", 2);
        await using var group = new ConsumerGroup(node, strategy);
        group.Add(close: false);
        await group.BalancedAsync(2);
        group.Add();
        await group.BalancedAsync(1, 1);
        await group.RemoveAsync(0);
        await group.BalancedAsync(2);
    }

    /// <summary>A node whose members of the consumer protocol are as quick as the classic ones of these tests.</summary>
    private static ValueTask<FreshetNode> StartAsync() => FreshetNode.StartAsync(
        new FreshetNodeOptions
        {
            ConfigureBroker = broker =>
            {
                broker.GroupConsumerHeartbeatInterval = TimeSpan.FromMilliseconds(200);
                broker.GroupConsumerSessionTimeout = TimeSpan.FromSeconds(6);
            },
        },
        new TestLog());

    /// <summary>Consumers that poll, each in a task of its own; without a strategy they speak the consumer protocol (KIP-848).</summary>
    private sealed class ConsumerGroup(FreshetNode node, PartitionAssignmentStrategy? strategy) : IAsyncDisposable
    {
        private readonly List<Member> _members = [];

        public void Add(bool close = true) => _members.Add(new Member(node, strategy, close));

        public async Task RemoveAsync(int index)
        {
            await _members[index].DisposeAsync();
            _members.RemoveAt(index);
        }

        /// <summary>Waits until the members own this many partitions each, and none twice.</summary>
        public async Task BalancedAsync(params int[] counts)
        {
            using var patience = new CancellationTokenSource(KafkaClients.Patience);
            while (!_members.Select(member => member.Owned.Count).Order().SequenceEqual(counts.Order())
                || _members.SelectMany(member => member.Owned.Keys).Distinct().Count() != counts.Sum())
            {
                Assert.False(patience.IsCancellationRequested, $"Owned: {string.Join(" | ", _members.Select(member => string.Join(',', member.Owned.Keys)))}");
                await Task.Delay(20);
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (Member member in _members)
            {
                await member.DisposeAsync();
            }
        }
    }

    private sealed class Member : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _polling;

        public Member(FreshetNode node, PartitionAssignmentStrategy? strategy, bool close) => _polling = Task.Factory.StartNew(() => Poll(node, strategy, close), TaskCreationOptions.LongRunning);

        public ConcurrentDictionary<TopicPartition, bool> Owned { get; } = new();

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _polling;
            _stop.Dispose();
        }

        private void Poll(FreshetNode node, PartitionAssignmentStrategy? strategy, bool close)
        {
            var config = new ConsumerConfig
            {
                BootstrapServers = node.BootstrapServers,
                GroupId = "g",
                GroupProtocol = strategy is null ? GroupProtocol.Consumer : GroupProtocol.Classic,
            };
            if (strategy is not null)
            {
                config.PartitionAssignmentStrategy = strategy;
                config.SessionTimeoutMs = 6000;
                config.HeartbeatIntervalMs = 200;
            }

            IConsumer<string, string> consumer = new ConsumerBuilder<string, string>(config)
                .SetPartitionsAssignedHandler((_, added) => added.ForEach(partition => Owned[partition] = true))
                .SetPartitionsRevokedHandler((_, gone) => gone.ForEach(partition => Owned.TryRemove(partition.TopicPartition, out bool _)))
                .SetPartitionsLostHandler((_, gone) => gone.ForEach(partition => Owned.TryRemove(partition.TopicPartition, out bool _)))
                .Build();
            consumer.Subscribe("t");
            while (!_stop.IsCancellationRequested)
            {
                consumer.Consume(TimeSpan.FromMilliseconds(50));
            }

            if (close)
            {
                consumer.Close();
            }

            consumer.Dispose();
        }
    }
}
