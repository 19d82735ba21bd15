using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Freshet.Node;
using Freshet.Tests.Support;

namespace Freshet.Broker.Tests.Groups;

/// <summary>Groups that change between the classic and the consumer protocol while their members are at work.</summary>
public class GroupMigrationTests
{
    private const int Members = 3;

    [Theory]
    [InlineData(PartitionAssignmentStrategy.Range)]
    [InlineData(PartitionAssignmentStrategy.RoundRobin)]
    [InlineData(PartitionAssignmentStrategy.CooperativeSticky)]
    public async Task An_application_changes_member_by_member_and_back_under_load_and_over_restarts(PartitionAssignmentStrategy strategy)
    {
        using var folder = new TemporaryFolder();
        var options = new FreshetNodeOptions { DataDirectory = folder.Path, KafkaPort = FreshetProcess.FreePort(), ConfigureBroker = Crowd.Configure };
        FreshetNode node = await FreshetNode.StartAsync(options, new TestLog());
        await node.CreateTopicAsync("t", 8);
        await using var load = new Load(node.BootstrapServers!);
        await using var crowd = new Crowd(node.BootstrapServers!);
        for (int member = 0; member < Members; member++)
        {
            crowd.Add(GroupProtocol.Classic, strategy);
        }

        await load.ProcessedAsync(crowd);
        foreach (GroupProtocol protocol in (GroupProtocol[])[GroupProtocol.Consumer, GroupProtocol.Classic])
        {
            for (int member = 0; member < Members; member++)
            {
                crowd.Add(protocol, strategy);
                await load.ProcessedAsync(crowd);
                if (member == 1)
                {
                    Assert.Equal(ConsumerGroupType.Consumer, await TypeAsync(node));
                    await node.DisposeAsync();
                    node = await FreshetNode.StartAsync(options, new TestLog());
                    await load.ProcessedAsync(crowd);
                }

                await crowd.RemoveAsync(0, says: member != 0);
                await load.ProcessedAsync(crowd);
            }

            Assert.Equal(protocol == GroupProtocol.Consumer ? ConsumerGroupType.Consumer : ConsumerGroupType.Classic, await TypeAsync(node));
        }

        await load.DisposeAsync();
        await load.ProcessedAsync(crowd);
        await crowd.DisposeAsync();
        Assert.Equal(load.Count, crowd.Processed.Count);
        Assert.Empty(StoredCommits.GoingBack(node));
        await node.DisposeAsync();
    }

    [Theory]
    [InlineData(GroupMigrationPolicy.Disabled)]
    [InlineData(GroupMigrationPolicy.Downgrade)]
    public async Task A_policy_without_upgrades_keeps_new_members_out_until_the_classic_ones_have_left(GroupMigrationPolicy policy)
    {
        await using FreshetNode node = await StartAsync(policy);
        using IConsumer<string, string> classic = Member(node, GroupProtocol.Classic);
        await ProduceAsync(node, 0);
        Assert.Equal("0", classic.Take(1)[0].Message.Value);
        classic.Commit();
        using (IConsumer<string, string> early = Member(node, GroupProtocol.Consumer))
        {
            Assert.Equal(ErrorCode.GroupIdNotFound, Assert.Throws<ConsumeException>(() => early.Take(1)).Error.Code);
        }

        classic.Close();
        await ProduceAsync(node, 1);
        using IConsumer<string, string> late = Member(node, GroupProtocol.Consumer);
        Assert.Equal("1", late.Take(1)[0].Message.Value);
        late.Close();
    }

    [Theory]
    [InlineData(GroupMigrationPolicy.Bidirectional, ConsumerGroupType.Classic)]
    [InlineData(GroupMigrationPolicy.Upgrade, ConsumerGroupType.Consumer)]
    public async Task The_policy_says_whether_the_group_is_classic_again_when_only_classic_members_are_left(GroupMigrationPolicy policy, ConsumerGroupType type)
    {
        await using FreshetNode node = await StartAsync(policy);
        using IConsumer<string, string> consumer = Member(node, GroupProtocol.Consumer);
        await ProduceAsync(node, 0);
        Assert.Equal("0", consumer.Take(1)[0].Message.Value);
        consumer.Commit();
        using IConsumer<string, string> classic = Member(node, GroupProtocol.Classic);
        using IAdminClient admin = node.Admin();
        while ((await admin.DescribeConsumerGroupsAsync(["g"])).ConsumerGroupDescriptions[0].Members.Count < 2)
        {
            consumer.Consume(20);
            classic.Consume(20);
        }

        consumer.Close();
        await ProduceAsync(node, 1);
        Assert.Equal("1", classic.Take(1)[0].Message.Value);
        classic.Commit();
        Assert.Equal(type, await TypeAsync(node));
        classic.Close();
    }

    private static async Task<FreshetNode> StartAsync(GroupMigrationPolicy policy)
    {
        var options = new FreshetNodeOptions
        {
            ConfigureBroker = broker =>
            {
                Crowd.Configure(broker);
                broker.GroupMigrationPolicy = policy;
            },
        };
        FreshetNode node = await FreshetNode.StartAsync(options, new TestLog());
        await node.CreateTopicAsync("t", 1);
        return node;
    }

    private static IConsumer<string, string> Member(FreshetNode node, GroupProtocol protocol)
    {
        IConsumer<string, string> consumer = node.Consumer("g", config =>
        {
            config.GroupProtocol = protocol;
            config.SessionTimeoutMs = protocol == GroupProtocol.Classic ? 5000 : null;
            config.HeartbeatIntervalMs = protocol == GroupProtocol.Classic ? 100 : null;
        });
        consumer.Subscribe("t");
        return consumer;
    }

    private static async Task ProduceAsync(FreshetNode node, int number)
    {
        using IProducer<string, string> producer = node.Producer();
        await producer.ProduceAsync("t", new Message<string, string> { Key = $"{number}", Value = $"{number}" });
    }

    private static async Task<ConsumerGroupType> TypeAsync(FreshetNode node)
    {
        using IAdminClient admin = node.Admin();
        ListConsumerGroupsResult groups = await admin.ListConsumerGroupsAsync();
        return groups.Valid.Single(group => group.GroupId == "g").Type;
    }

    /// <summary>Records that come in all the time.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly IProducer<string, string> _producer;
        private readonly Task _producing;
        private int _stored;

        public Load(string bootstrapServers)
        {
            _producer = new ProducerBuilder<string, string>(new ProducerConfig
            {
                BootstrapServers = bootstrapServers,
                LingerMs = 1,
                EnableIdempotence = true,
                ReconnectBackoffMaxMs = 200,
            }).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
            _producing = Task.Run(ProduceAsync);
        }

        /// <summary>How many are stored.</summary>
        public int Count => Volatile.Read(ref _stored);

        /// <summary>Waits until all that is stored has been processed, and a record that is stored later than this call.</summary>
        public async Task ProcessedAsync(Crowd crowd)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            int last = _stop.IsCancellationRequested ? Count : Count + 1;
            while (Count < last || !Enumerable.Range(0, last).All(number => crowd.Processed.ContainsKey($"{number}")))
            {
                Assert.False(patience.IsCancellationRequested, $"{Count} records are stored, {crowd.Processed.Count} processed.");
                await Task.Delay(20);
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (!_stop.IsCancellationRequested)
            {
                await _stop.CancelAsync();
                await _producing;
                _producer.Dispose();
            }
        }

        private async Task ProduceAsync()
        {
            while (!_stop.IsCancellationRequested)
            {
                string value = _stored.ToString(CultureInfo.InvariantCulture);
                await _producer.ProduceAsync("t", new Message<string, string> { Key = value, Value = value });
                Interlocked.Increment(ref _stored);
            }
        }
    }
}
