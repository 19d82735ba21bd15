using System.Collections.Concurrent;
using Confluent.Kafka;
using Freshet.Broker.Groups;
using Freshet.Node;

namespace Freshet.Broker.Tests;

/// <summary>Twenty consumers that join, leave and die at random while records come in.</summary>
public class GroupChaosTests
{
    private const int Partitions = 12;
    private const int Records = 6000;
    private const int MostMembers = 20;
    private const int RecordsPerAct = 60;

    [Theory]
    [InlineData(GroupProtocol.Classic, PartitionAssignmentStrategy.Range, 1)]
    [InlineData(GroupProtocol.Classic, PartitionAssignmentStrategy.CooperativeSticky, 2)]
    [InlineData(GroupProtocol.Consumer, null, 3)]
    public async Task Every_record_is_processed_and_no_committed_offset_goes_back(GroupProtocol protocol, PartitionAssignmentStrategy? strategy, int seed)
    {
        await using FreshetNode node = await FreshetNode.StartAsync(
            new FreshetNodeOptions
            {
                ConfigureBroker = broker =>
                {
                    broker.GroupMinSessionTimeout = TimeSpan.FromSeconds(1);
                    broker.GroupConsumerSessionTimeout = TimeSpan.FromSeconds(5);
                    broker.GroupConsumerHeartbeatInterval = TimeSpan.FromMilliseconds(100);
                },
            },
            new TestLog());
        await node.CreateTopicAsync("t", Partitions);
        await using var crowd = new Crowd(node, protocol, strategy);
        var random = new Random(seed);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        using IProducer<string, string> producer = node.Producer();
        for (int number = 0; number < Records; number++)
        {
            producer.Produce("t", new Message<string, string> { Key = $"{number}", Value = $"{number}" });
            if (number % RecordsPerAct == 0)
            {
                await crowd.ActAsync(random);
            }
        }

        producer.Flush(patience.Token);
        crowd.Add();
        while (crowd.Processed.Count < Records)
        {
            Assert.False(patience.IsCancellationRequested, $"Seed {seed}: {crowd.Processed.Count} of {Records} records were processed.");
            await Task.Delay(50);
        }

        await crowd.DisposeAsync();
        Assert.Empty(GoingBack(node));
    }

    /// <summary>Offsets that were stored behind a greater one of the same partition.</summary>
    private static List<OffsetRecord> GoingBack(FreshetNode node)
    {
        using IConsumer<byte[], byte[]> consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = node.BootstrapServers,
            GroupId = "reader",
            EnablePartitionEof = true,
        }).Build();
        var last = new Dictionary<int, long>();
        var back = new List<OffsetRecord>();
        consumer.Assign(new TopicPartitionOffset("__consumer_offsets", JavaHash.PartitionOf("g", 50), Offset.Beginning));
        using var patience = new CancellationTokenSource(KafkaClients.Patience);
        while (consumer.Consume(patience.Token) is { IsPartitionEOF: false, Message: { } message })
        {
            if (GroupRecord.Read(message.Key, message.Value) is OffsetRecord { Group: "g", Offset: { } offset } commit)
            {
                if (offset.Offset < last.GetValueOrDefault(commit.Partition))
                {
                    back.Add(commit);
                }

                last[commit.Partition] = offset.Offset;
            }
        }

        Assert.NotEmpty(last);
        return back;
    }

    /// <summary>The members that live at the moment.</summary>
    private sealed class Crowd(FreshetNode node, GroupProtocol protocol, PartitionAssignmentStrategy? strategy) : IAsyncDisposable
    {
        private readonly List<Member> _members = [];

        public ConcurrentDictionary<string, bool> Processed { get; } = new();

        public void Add() => _members.Add(new Member(this, node, protocol, strategy));

        public async Task ActAsync(Random random)
        {
            if (_members.Count < MostMembers && (_members.Count == 0 || random.Next(5) < 3))
            {
                Add();
                return;
            }

            Member leaving = _members[random.Next(_members.Count)];
            _members.Remove(leaving);
            await leaving.StopAsync(says: random.Next(2) == 0);
        }

        public async ValueTask DisposeAsync()
        {
            await Task.WhenAll(_members.Select(member => member.StopAsync(says: true)));
            _members.Clear();
        }
    }

    /// <summary>Processes records, then commits them; records that were processed but not committed are processed again by another.</summary>
    private sealed class Member
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;
        private bool _says;

        public Member(Crowd crowd, FreshetNode node, GroupProtocol protocol, PartitionAssignmentStrategy? strategy) =>
            _running = Task.Factory.StartNew(() => Run(crowd, node, protocol, strategy), TaskCreationOptions.LongRunning);

        /// <summary>Ends the member.</summary>
        /// <param name="says">Whether it leaves the group; otherwise it dies without a word.</param>
        public async Task StopAsync(bool says)
        {
            _says = says;
            await _stop.CancelAsync();
            await _running;
            _stop.Dispose();
        }

        private void Run(Crowd crowd, FreshetNode node, GroupProtocol protocol, PartitionAssignmentStrategy? strategy)
        {
            IConsumer<string, string> consumer = node.Consumer("g", config =>
            {
                config.GroupProtocol = protocol;
                config.PartitionAssignmentStrategy = strategy;
                config.SessionTimeoutMs = protocol == GroupProtocol.Classic ? 5000 : null;
                config.HeartbeatIntervalMs = protocol == GroupProtocol.Classic ? 100 : null;
                config.EnableAutoOffsetStore = false;
            });
            consumer.Subscribe("t");
            int processed = 0;
            while (!_stop.IsCancellationRequested)
            {
                try
                {
                    if (consumer.Consume(20) is { } record)
                    {
                        crowd.Processed[record.Message.Value] = true;
                        consumer.StoreOffset(record);
                        processed++;
                    }

                    if (processed >= 20)
                    {
                        processed = 0;
                        consumer.Commit();
                    }
                }
                catch (KafkaException)
                {
                    // A rebalance took the partition away: whoever has it now reads the records again.
                }
            }

            if (_says)
            {
                consumer.Close();
            }

            // Not waited for: now and then librdkafka's destruction of a consumer in the middle of a rebalance never ends. Its group has
            // gone on without it by then.
            _ = Task.Factory.StartNew(consumer.Dispose, TaskCreationOptions.LongRunning);
        }
    }
}
