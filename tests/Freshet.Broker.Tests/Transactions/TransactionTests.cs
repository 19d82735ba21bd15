using Confluent.Kafka;
using Freshet.Node;
using Freshet.Tests.Support;

namespace Freshet.Broker.Tests.Transactions;

/// <summary>Confluent's transactional producer and its readers against a node.</summary>
public class TransactionTests
{
    [Fact]
    public async Task Committed_records_are_read_and_aborted_ones_are_not()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 2);
        using IProducer<string, string> producer = Transactional(node, "id");
        producer.InitTransactions(KafkaClients.Patience);
        for (int round = 0; round < 6; round++)
        {
            producer.BeginTransaction();
            Produce(producer, $"a{round}", 0);
            Produce(producer, $"b{round}", 1);
            if (round % 2 == 0)
            {
                producer.CommitTransaction(KafkaClients.Patience);
            }
            else
            {
                producer.Flush(KafkaClients.Patience);
                producer.AbortTransaction(KafkaClients.Patience);
            }
        }

        Assert.Equal(["a0", "a2", "a4"], Read(node, 0, IsolationLevel.ReadCommitted));
        Assert.Equal(["b0", "b2", "b4"], Read(node, 1, IsolationLevel.ReadCommitted));
        Assert.Equal(["a0", "a1", "a2", "a3", "a4", "a5"], Read(node, 0, IsolationLevel.ReadUncommitted));
    }

    [Fact]
    public async Task What_is_committed_is_there_when_the_commit_returns_and_not_before()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 1);
        using IProducer<string, string> producer = Transactional(node, "id");
        producer.InitTransactions(KafkaClients.Patience);
        producer.BeginTransaction();
        Produce(producer, "v", 0);
        producer.Flush(KafkaClients.Patience);
        Assert.Equal(0, Latest(node, IsolationLevel.ReadCommitted));
        Assert.Equal(1, Latest(node, IsolationLevel.ReadUncommitted));
        using IConsumer<string, string> waiting = node.Consumer("g", config => config.IsolationLevel = IsolationLevel.ReadCommitted);
        waiting.Assign(new TopicPartitionOffset("t", 0, 0));
        Assert.Null(waiting.Consume(300));
        producer.CommitTransaction(KafkaClients.Patience);
        Assert.Equal("v", waiting.Take(1)[0].Message.Value);
        Assert.Equal(2, Latest(node, IsolationLevel.ReadCommitted));
    }

    [Fact]
    public async Task A_second_producer_of_the_id_fences_the_first_and_aborts_its_transaction()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 1);
        using IProducer<string, string> first = Transactional(node, "id");
        first.InitTransactions(KafkaClients.Patience);
        first.BeginTransaction();
        Produce(first, "first", 0);
        first.Flush(KafkaClients.Patience);

        using IProducer<string, string> second = Transactional(node, "id");
        second.InitTransactions(KafkaClients.Patience);
        second.BeginTransaction();
        Produce(second, "second", 0);
        second.CommitTransaction(KafkaClients.Patience);

        KafkaException fenced = Assert.ThrowsAny<KafkaException>(() => first.CommitTransaction(KafkaClients.Patience));
        Assert.True(fenced.Error.IsFatal, fenced.Error.Reason);
        Assert.Equal(["second"], Read(node, 0, IsolationLevel.ReadCommitted));
    }

    [Fact]
    public async Task Offsets_sent_to_a_transaction_hold_when_it_commits()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 1);
        using (IProducer<string, string> plain = node.Producer())
        {
            for (int number = 0; number < 10; number++)
            {
                await plain.ProduceAsync(new TopicPartition("t", 0), new Message<string, string> { Key = "k", Value = $"{number}" });
            }
        }

        using IConsumer<string, string> consumer = node.Consumer("g");
        consumer.Subscribe("t");
        using IProducer<string, string> producer = Transactional(node, "id");
        producer.InitTransactions(KafkaClients.Patience);

        consumer.Take(3);
        producer.BeginTransaction();
        producer.SendOffsetsToTransaction([new TopicPartitionOffset("t", 0, 3)], consumer.ConsumerGroupMetadata, KafkaClients.Patience);
        producer.CommitTransaction(KafkaClients.Patience);
        Assert.Equal(3, Committed(node));

        producer.BeginTransaction();
        producer.SendOffsetsToTransaction([new TopicPartitionOffset("t", 0, 7)], consumer.ConsumerGroupMetadata, KafkaClients.Patience);
        producer.AbortTransaction(KafkaClients.Patience);
        Assert.Equal(3, Committed(node));
        consumer.Close();
    }

    [Fact]
    public async Task Transactions_and_their_offsets_survive_a_restart()
    {
        using var folder = new TemporaryFolder();
        var options = new FreshetNodeOptions { DataDirectory = folder.Path };
        await using (FreshetNode node = await FreshetNode.StartAsync(options))
        {
            await node.CreateTopicAsync("t", 1);
            using IProducer<string, string> producer = Transactional(node, "id");
            producer.InitTransactions(KafkaClients.Patience);
            foreach (bool commit in (bool[])[true, false, true])
            {
                producer.BeginTransaction();
                Produce(producer, $"{commit}", 0);
                producer.SendOffsetsToTransaction([new TopicPartitionOffset("t", 0, commit ? 1 : 2)], GroupOf(node), KafkaClients.Patience);
                producer.Flush(KafkaClients.Patience);
                if (commit)
                {
                    producer.CommitTransaction(KafkaClients.Patience);
                }
                else
                {
                    producer.AbortTransaction(KafkaClients.Patience);
                }
            }
        }

        await using (FreshetNode node = await FreshetNode.StartAsync(options))
        {
            Assert.Equal(["True", "True"], Read(node, 0, IsolationLevel.ReadCommitted));
            Assert.Equal(1, Committed(node));
            using IProducer<string, string> producer = Transactional(node, "id");
            producer.InitTransactions(KafkaClients.Patience);
            producer.BeginTransaction();
            Produce(producer, "again", 0);
            producer.CommitTransaction(KafkaClients.Patience);
            Assert.Equal(["True", "True", "again"], Read(node, 0, IsolationLevel.ReadCommitted));
        }
    }

    internal static IProducer<string, string> Transactional(FreshetNode node, string id) =>
        node.Producer(config => config.TransactionalId = id);

    /// <summary>What a client that assigns its partitions itself tells of its group.</summary>
    internal static IConsumerGroupMetadata GroupOf(FreshetNode node)
    {
        using IConsumer<string, string> consumer = node.Consumer("g");
        return consumer.ConsumerGroupMetadata;
    }

    internal static void Produce(IProducer<string, string> producer, string value, int partition) =>
        producer.Produce(new TopicPartition("t", partition), new Message<string, string> { Key = "k", Value = value });

    internal static List<string> Read(FreshetNode node, int partition, IsolationLevel isolation)
    {
        using IConsumer<string, string> consumer = node.Consumer("reader", config =>
        {
            config.IsolationLevel = isolation;
            config.EnablePartitionEof = true;
        });
        consumer.Assign(new TopicPartitionOffset("t", partition, 0));
        var values = new List<string>();
        using var patience = new CancellationTokenSource(KafkaClients.Patience);
        while (consumer.Consume(patience.Token) is { IsPartitionEOF: false } record)
        {
            values.Add(record.Message.Value);
        }

        return values;
    }

    internal static long Latest(FreshetNode node, IsolationLevel isolation)
    {
        using IConsumer<string, string> consumer = node.Consumer("latest", config => config.IsolationLevel = isolation);
        return consumer.QueryWatermarkOffsets(new TopicPartition("t", 0), KafkaClients.Patience).High.Value;
    }

    internal static long Committed(FreshetNode node)
    {
        using IConsumer<string, string> consumer = node.Consumer("g");
        return consumer.Committed([new TopicPartition("t", 0)], KafkaClients.Patience)[0].Offset.Value;
    }
}
