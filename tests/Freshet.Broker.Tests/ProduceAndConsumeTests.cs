using Confluent.Kafka;
using Freshet.Node;
using Freshet.Tests.Support;

namespace Freshet.Broker.Tests;

/// <summary>Confluent's producer and consumer against a node.</summary>
public class ProduceAndConsumeTests
{
    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task Records_come_back_in_order_with_keys_and_headers(CompressionType compression)
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using (IProducer<string, string> producer = node.Producer(config => config.CompressionType = compression))
        {
            for (int number = 0; number < 200; number++)
            {
                producer.Produce("t", new Message<string, string> { Key = $"k{number}", Value = $"v{number}", Headers = [new Header("h", [1, 2])] });
            }

            producer.Flush(KafkaClients.Patience);
        }

        using IConsumer<string, string> consumer = node.Consumer("g");
        consumer.Subscribe("t");
        List<ConsumeResult<string, string>> records = consumer.Take(200);
        Assert.Equal(Enumerable.Range(0, 200).Select(number => ($"k{number}", $"v{number}", (long)number)), records.Select(record => (record.Message.Key, record.Message.Value, record.Offset.Value)));
        Assert.Equal([1, 2], records[7].Message.Headers.GetLastBytes("h"));
        consumer.Close();
    }

    [Fact]
    public async Task A_group_goes_on_where_it_committed()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using IProducer<string, string> producer = node.Producer();
        for (int number = 0; number < 10; number++)
        {
            await producer.ProduceAsync("t", new Message<string, string> { Key = "k", Value = $"{number}" });
        }

        using (IConsumer<string, string> first = node.Consumer("g"))
        {
            first.Subscribe("t");
            first.Take(4);
            first.Commit();
            first.Close();
        }

        using IConsumer<string, string> second = node.Consumer("g");
        second.Subscribe("t");
        Assert.Equal("4", second.Take(1)[0].Message.Value);
        TopicPartitionOffset committed = Assert.Single(second.Committed([new TopicPartition("t", 0)], KafkaClients.Patience));
        Assert.Equal(4, committed.Offset.Value);
        second.Close();
    }

    [Fact]
    public async Task Topics_records_and_offsets_survive_a_restart()
    {
        using var folder = new TemporaryFolder();
        var options = new FreshetNodeOptions { DataDirectory = folder.Path };
        await using (FreshetNode node = await FreshetNode.StartAsync(options))
        {
            await node.CreateTopicAsync("t", 1);
            using IProducer<string, string> producer = node.Producer();
            for (int number = 0; number < 3; number++)
            {
                await producer.ProduceAsync("t", new Message<string, string> { Key = "k", Value = $"{number}" });
            }

            using IConsumer<string, string> consumer = node.Consumer("g");
            consumer.Subscribe("t");
            consumer.Take(2);
            consumer.Commit();
            consumer.Close();
        }

        await using (FreshetNode node = await FreshetNode.StartAsync(options))
        {
            using IConsumer<string, string> consumer = node.Consumer("g");
            consumer.Subscribe("t");
            Assert.Equal("2", consumer.Take(1)[0].Message.Value);
            consumer.Close();
        }
    }
}
