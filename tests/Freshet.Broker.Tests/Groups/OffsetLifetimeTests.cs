using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Freshet.Node;
using Freshet.Node.Testing;

namespace Freshet.Broker.Tests.Groups;

/// <summary>How committed offsets end: by an operator's hand, or by age.</summary>
public class OffsetLifetimeTests
{
    private static readonly TopicPartition First = new("t", 0);

    [Theory]
    [InlineData(GroupProtocol.Classic)]
    [InlineData(GroupProtocol.Consumer)]
    public async Task Offsets_are_deleted_unless_a_member_reads_the_topic(GroupProtocol protocol)
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 1);
        await node.CreateTopicAsync("other", 1);
        using IConsumer<string, string> consumer = Member(node, protocol);
        await JoinAsync(consumer);
        consumer.Commit([new TopicPartitionOffset(First, 0)]);
        using IAdminClient admin = node.Admin();
        DeleteConsumerGroupOffsetsException refused = await Assert.ThrowsAsync<DeleteConsumerGroupOffsetsException>(() => admin.DeleteConsumerGroupOffsetsAsync("g", [First]));
        Assert.Equal(ErrorCode.GroupSubscribedToTopic, Assert.Single(refused.Result.Partitions).Error.Code);
        await admin.DeleteConsumerGroupOffsetsAsync("g", [new TopicPartition("other", 0)]);
        consumer.Close();
        await admin.DeleteConsumerGroupOffsetsAsync("g", [First]);
        Assert.Equal(Offset.Unset, Committed(node));
    }

    [Fact]
    public async Task Offsets_of_a_group_that_does_not_exist_cannot_be_deleted()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 1);
        using IAdminClient admin = node.Admin();
        await node.CommitAsync("known", new TopicPartitionOffset(First, 0));
        KafkaException missing = await Assert.ThrowsAnyAsync<KafkaException>(() => admin.DeleteConsumerGroupOffsetsAsync("missing", [First]));
        Assert.Equal(ErrorCode.GroupIdNotFound, missing.Error.Code);
    }

    [Theory]
    [InlineData(GroupProtocol.Classic)]
    [InlineData(GroupProtocol.Consumer)]
    public async Task Offsets_expire_a_week_after_the_last_member_has_left(GroupProtocol protocol)
    {
        var clock = new AdjustableClock();
        await using FreshetNode node = await FreshetNode.StartAsync(new FreshetNodeOptions(), new TestLog(), clock);
        await node.CreateTopicAsync("t", 1);
        using (IConsumer<string, string> consumer = Member(node, protocol))
        {
            await JoinAsync(consumer);
            consumer.Commit([new TopicPartitionOffset(First, 0)]);
            clock.Advance(TimeSpan.FromDays(8));
            consumer.Consume(TimeSpan.FromSeconds(1));
            Assert.Equal(0, Committed(node).Value);
            consumer.Close();
        }

        clock.Advance(TimeSpan.FromDays(6));
        Assert.Equal(0, Committed(node).Value);
        clock.Advance(TimeSpan.FromDays(2));
        using IAdminClient admin = node.Admin();
        using var patience = new CancellationTokenSource(KafkaClients.Patience);
        while ((await admin.ListConsumerGroupsAsync()).Valid.Count > 0)
        {
            await Task.Delay(20, patience.Token);
        }

        Assert.Equal(Offset.Unset, Committed(node));
    }

    private static IConsumer<string, string> Member(FreshetNode node, GroupProtocol protocol) => node.Consumer("g", config =>
    {
        if (protocol == GroupProtocol.Consumer)
        {
            config.GroupProtocol = protocol;
            config.SessionTimeoutMs = null;
            config.HeartbeatIntervalMs = null;
        }
    });

    private static async Task JoinAsync(IConsumer<string, string> consumer)
    {
        consumer.Subscribe("t");
        using var patience = new CancellationTokenSource(KafkaClients.Patience);
        while (consumer.Assignment.Count == 0)
        {
            await Task.Yield();
            patience.Token.ThrowIfCancellationRequested();
            consumer.Consume(50);
        }
    }

    /// <summary>What an onlooker sees.</summary>
    private static Offset Committed(FreshetNode node)
    {
        using IAdminClient admin = node.Admin();
        return admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions("g", [First])]).GetAwaiter().GetResult()[0].Partitions[0].Offset;
    }
}
