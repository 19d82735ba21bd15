using Confluent.Kafka;
using Freshet.Broker.Groups;
using Freshet.Node;
using Freshet.Node.Testing;

namespace Freshet.Broker.Tests.Transactions;

/// <summary>What time does to transactions.</summary>
public class TransactionLifetimeTests
{
    private const string Id = "id";

    [Fact]
    public async Task A_transaction_that_takes_too_long_is_aborted()
    {
        var clock = new AdjustableClock();
        await using FreshetNode node = await StartAsync(clock);
        using IProducer<string, string> producer = Begin(node);
        Assert.Equal(0, TransactionTests.Latest(node, IsolationLevel.ReadCommitted));
        clock.Advance(TimeSpan.FromMinutes(2));
        using IConsumer<string, string> waiting = node.Consumer("g", config => config.IsolationLevel = IsolationLevel.ReadCommitted);
        waiting.Assign(new TopicPartitionOffset("t", 0, 0));
        using (IProducer<string, string> plain = node.Producer())
        {
            TransactionTests.Produce(plain, "after", 0);
            plain.Flush(KafkaClients.Patience);
        }

        Assert.Equal("after", waiting.Take(1)[0].Message.Value);
        Assert.True(Assert.ThrowsAny<KafkaException>(() => producer.CommitTransaction(KafkaClients.Patience)).Error.IsFatal);
    }

    [Fact]
    public async Task An_id_that_nobody_uses_is_forgotten()
    {
        var clock = new AdjustableClock();
        await using FreshetNode node = await StartAsync(clock);
        using IProducer<string, string> producer = Begin(node);
        producer.CommitTransaction(KafkaClients.Patience);
        clock.Advance(TimeSpan.FromDays(8));
        using IConsumer<string, byte[]> states = new ConsumerBuilder<string, byte[]>(
            new ConsumerConfig { BootstrapServers = node.BootstrapServers, GroupId = "states" }).Build();
        states.Assign(new TopicPartitionOffset("__transaction_state", JavaHash.PartitionOf(Id, 2), 0));
        using var patience = new CancellationTokenSource(KafkaClients.Patience);
        while (states.Consume(patience.Token).Message.Value is not null)
        {
        }

        // The producer comes back as a new one.
        using IProducer<string, string> again = Begin(node, "again");
        again.CommitTransaction(KafkaClients.Patience);
        Assert.Equal("again", TransactionTests.Read(node, 0, IsolationLevel.ReadCommitted)[^1]); // Retention may have taken the first.
    }

    private static ValueTask<FreshetNode> StartAsync(AdjustableClock clock) => FreshetNode.StartAsync(
        new FreshetNodeOptions
        {
            ConfigureBroker = options =>
            {
                options.TransactionPartitions = 2;
                options.OffsetsPartitions = 2;
                options.TransactionSweepInterval = TimeSpan.FromMilliseconds(50);
            },
        },
        new TestLog(), clock);

    private static IProducer<string, string> Begin(FreshetNode node, string value = "v")
    {
        IProducer<string, string> producer = TransactionTests.Transactional(node, Id);
        producer.InitTransactions(KafkaClients.Patience);
        producer.BeginTransaction();
        TransactionTests.Produce(producer, value, 0);
        producer.Flush(KafkaClients.Patience);
        return producer;
    }
}
