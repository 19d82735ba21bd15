using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Freshet.Node;

namespace Freshet.Broker.Tests;

/// <summary>A node and Confluent's clients of it.</summary>
internal static class KafkaClients
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static ValueTask<FreshetNode> StartAsync() => FreshetNode.StartAsync(new FreshetNodeOptions(), new TestLog());

    public static IProducer<string, string> Producer(this FreshetNode node, Action<ProducerConfig>? configure = null)
    {
        var config = new ProducerConfig { BootstrapServers = node.BootstrapServers, LingerMs = 1, EnableIdempotence = true };
        configure?.Invoke(config);
        return new ProducerBuilder<string, string>(config).Build();
    }

    public static IConsumer<string, string> Consumer(this FreshetNode node, string group, Action<ConsumerConfig>? configure = null)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = node.BootstrapServers,
            GroupId = group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            SessionTimeoutMs = 6000,
            HeartbeatIntervalMs = 200,
        };
        configure?.Invoke(config);
        return new ConsumerBuilder<string, string>(config).Build();
    }

    public static IAdminClient Admin(this FreshetNode node) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = node.BootstrapServers }).Build();

    public static async Task CreateTopicAsync(this FreshetNode node, string name, int partitions)
    {
        using IAdminClient admin = node.Admin();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = 1 }]);
    }

    /// <summary>Commits as an operator does, once the coordinator is there.</summary>
    public static async Task CommitAsync(this FreshetNode node, string group, TopicPartitionOffset offset)
    {
        using IAdminClient admin = node.Admin();
        await admin.AlterConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitionOffsets(group, [offset])]);
    }

    /// <summary>Consumes that many records, or fails after a while.</summary>
    public static List<ConsumeResult<string, string>> Take(this IConsumer<string, string> consumer, int count)
    {
        var records = new List<ConsumeResult<string, string>>();
        using var patience = new CancellationTokenSource(Patience);
        while (records.Count < count)
        {
            records.Add(consumer.Consume(patience.Token));
        }

        return records;
    }
}
