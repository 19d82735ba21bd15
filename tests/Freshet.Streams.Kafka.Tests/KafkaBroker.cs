using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Freshet.Node;
using Freshet.Tests.Support;

namespace Freshet.Streams.Kafka.Tests;

/// <summary>A broker that a class of tests shares, and what they do with it besides the spout and the sink.</summary>
public abstract class KafkaBroker : IAsyncLifetime
{
    private int _topics;

    /// <summary>Its address; empty when it is missing, see <see cref="SkipWhenMissing"/>.</summary>
    public string BootstrapServers { get; protected set; } = "";

    public virtual void SkipWhenMissing()
    {
    }

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>Creates a topic of the test's own.</summary>
    public async Task<string> CreateTopicAsync(int partitions)
    {
        string topic = $"topic-{Interlocked.Increment(ref _topics)}";
        using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }]);
        return topic;
    }

    /// <summary>Writes numbers n, each to partition n mod partitions, with key "kn" and a timestamp of n + 1 seconds: the client takes 0 for none.</summary>
    public async Task ProduceAsync(string topic, int partitions, IEnumerable<int> numbers)
    {
        using IProducer<byte[], byte[]> producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = BootstrapServers, EnableIdempotence = true }).Build();
        await Task.WhenAll(numbers.Select(number => producer.ProduceAsync(
            new TopicPartition(topic, number % partitions),
            new Message<byte[], byte[]>
            {
                Key = Encoding.UTF8.GetBytes($"k{number}"),
                Value = Encoding.UTF8.GetBytes($"{number}"),
                Timestamp = new Timestamp(DateTimeOffset.FromUnixTimeSeconds(number + 1)),
            })));
    }

    /// <summary>The group's committed offset of every partition; null where there is none.</summary>
    public long?[] Committed(string topic, int partitions, string group)
    {
        using IConsumer<byte[], byte[]> consumer = Consumer(group);
        return
        [
            .. consumer.Committed(Enumerable.Range(0, partitions).Select(partition => new TopicPartition(topic, partition)), TimeSpan.FromSeconds(30))
                .OrderBy(committed => committed.Partition.Value)
                .Select(committed => committed.Offset.IsSpecial ? (long?)null : committed.Offset.Value),
        ];
    }

    /// <summary>Everything in the topic now, as "key=value".</summary>
    public List<string> ReadAll(string topic, int partitions)
    {
        using IConsumer<byte[], byte[]> consumer = Consumer("reader");
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        var records = new List<string>();
        for (int ended = 0; ended < partitions;)
        {
            ConsumeResult<byte[], byte[]> result = consumer.Consume(TimeSpan.FromSeconds(30)) ?? throw new TimeoutException("The topic cannot be read.");
            if (result.IsPartitionEOF)
            {
                ended++;
            }
            else
            {
                records.Add($"{Text(result.Message.Key)}={Text(result.Message.Value)}");
            }
        }

        return records;
    }

    private static string Text(byte[]? bytes) => bytes is null ? "null" : Encoding.UTF8.GetString(bytes);

    private IConsumer<byte[], byte[]> Consumer(string group) => new ConsumerBuilder<byte[], byte[]>(
        new ConsumerConfig { BootstrapServers = BootstrapServers, GroupId = group, EnablePartitionEof = true, EnableAutoCommit = false }).Build();
}

/// <summary>Freshet's own broker, in this process.</summary>
public sealed class FreshetBroker : KafkaBroker
{
    private FreshetNode? _node;

    public override async ValueTask InitializeAsync()
    {
        _node = await FreshetNode.StartAsync();
        BootstrapServers = _node.BootstrapServers!;
    }

    public override ValueTask DisposeAsync() => _node?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>Apache Kafka.</summary>
public sealed class ApacheBroker : KafkaBroker
{
    private ApacheKafka? _server;

    public override void SkipWhenMissing()
    {
        if (_server is null)
        {
            Assert.Skip("Apache Kafka is missing: this test would check the spout and the sink against it.");
        }
    }

    public override async ValueTask InitializeAsync()
    {
        if (ApacheKafka.IsPresent)
        {
            _server = await ApacheKafka.StartAsync();
            BootstrapServers = _server.BootstrapServers;
        }
    }

    public override ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
