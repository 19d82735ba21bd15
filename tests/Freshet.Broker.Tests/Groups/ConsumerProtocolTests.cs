using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Freshet.Node;
using Freshet.Tests.Support;

namespace Freshet.Broker.Tests.Groups;

/// <summary>Confluent's consumer with <c>group.protocol=consumer</c> (KIP-848).</summary>
public class ConsumerProtocolTests
{
    [Fact]
    public async Task A_consumer_reads_commits_and_goes_on_where_another_stopped()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 3);
        await ProduceAsync(node, 0, 30);
        Assert.Equal(30, Consume(node, "t", 30).Distinct().Count());
        await ProduceAsync(node, 30, 10);
        Assert.Equal(Enumerable.Range(30, 10).Select(number => $"{number}").Order(), Consume(node, "t", 10).Order());
    }

    [Fact]
    public async Task A_pattern_subscribes_to_topics_by_name()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 1);
        await node.CreateTopicAsync("u", 1);
        await ProduceAsync(node, 0, 3);
        Assert.Equal(["0", "1", "2"], Consume(node, "^[st]$", 3).Order());
    }

    [Fact]
    public async Task An_admin_sees_the_group_and_its_members()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 2);
        using IConsumer<string, string> consumer = Consumer(node);
        consumer.Subscribe("t");
        using var patience = new CancellationTokenSource(KafkaClients.Patience);
        while (consumer.Assignment.Count < 2)
        {
            patience.Token.ThrowIfCancellationRequested();
            consumer.Consume(50);
        }

        using IAdminClient admin = node.Admin();
        ListConsumerGroupsResult listed = await admin.ListConsumerGroupsAsync();
        Assert.Equal(("g", ConsumerGroupState.Stable), Assert.Single(listed.Valid.Select(group => (group.GroupId, group.State))));
        DescribeConsumerGroupsResult described = await admin.DescribeConsumerGroupsAsync(["g"]);
        Assert.Equal("uniform", Assert.Single(described.ConsumerGroupDescriptions).PartitionAssignor);
        consumer.Close();
        await admin.DeleteGroupsAsync(["g"]);
        Assert.Empty((await admin.ListConsumerGroupsAsync()).Valid);
    }

    [Fact]
    public async Task Classic_and_new_consumers_take_turns()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 1);
        await ProduceAsync(node, 0, 5);
        Assert.Equal(5, Consume(node, "t", 5).Count);
        await ProduceAsync(node, 5, 5);
        using (IConsumer<string, string> classic = node.Consumer("g"))
        {
            classic.Subscribe("t");
            Assert.Equal("5", classic.Take(5)[0].Message.Value);
            classic.Commit();
            classic.Close();
        }

        await ProduceAsync(node, 10, 5);
        Assert.Equal("10", Consume(node, "t", 5)[0]);
    }

    [Fact]
    public async Task A_consumer_goes_on_when_the_broker_has_been_started_again()
    {
        using var folder = new TemporaryFolder();
        int port = FreshetProcess.FreePort();
        var options = new FreshetNodeOptions { DataDirectory = folder.Path, KafkaPort = port };
        FreshetNode node = await FreshetNode.StartAsync(options, new TestLog());
        await node.CreateTopicAsync("t", 2);
        await ProduceAsync(node, 0, 10);
        using IConsumer<string, string> consumer = Consumer(node);
        consumer.Subscribe("t");
        consumer.Take(10);
        consumer.Commit();
        await node.DisposeAsync();
        await using FreshetNode again = await FreshetNode.StartAsync(options, new TestLog());
        await ProduceAsync(again, 10, 10);
        Assert.Equal(Enumerable.Range(10, 10).Select(number => $"{number}"), consumer.Take(10).Select(record => record.Message.Value).Order());
        consumer.Commit();
        consumer.Close();
    }

    private static List<string> Consume(FreshetNode node, string topic, int count)
    {
        using IConsumer<string, string> consumer = Consumer(node);
        consumer.Subscribe(topic);
        List<string> values = [.. consumer.Take(count).Select(record => record.Message.Value)];
        consumer.Commit();
        consumer.Close();
        return values;
    }

    private static async Task ProduceAsync(FreshetNode node, int first, int count)
    {
        using IProducer<string, string> producer = node.Producer();
        foreach (int number in Enumerable.Range(first, count))
        {
            await producer.ProduceAsync("t", new Message<string, string> { Key = $"{number}", Value = $"{number}" });
        }
    }

    private static IConsumer<string, string> Consumer(FreshetNode node) => new ConsumerBuilder<string, string>(new ConsumerConfig
    {
        BootstrapServers = node.BootstrapServers,
        GroupId = "g",
        GroupProtocol = GroupProtocol.Consumer,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        EnableAutoCommit = false,
    }).Build();
}
