using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Freshet.Node;
using Freshet.Tests.Support;

namespace Freshet.Broker.Tests.Partitions;

/// <summary>Retention and compaction as clients see them.</summary>
public class CleanupTests
{
    [Fact]
    public async Task A_compacted_topic_shows_the_newest_value_of_each_key_and_forgets_deleted_ones()
    {
        await using FreshetNode node = await StartAsync();
        await CreateAsync(node, "t", ("cleanup.policy", "compact"), ("segment.bytes", "2000"), ("min.cleanable.dirty.ratio", "0"), ("delete.retention.ms", "0"));
        using IProducer<string, string?> producer = new ProducerBuilder<string, string?>(
            new ProducerConfig { BootstrapServers = node.BootstrapServers, EnableIdempotence = true, CompressionType = CompressionType.Lz4 }).SetValueSerializer(new NullableText()).Build();
        await producer.ProduceAsync("t", new Message<string, string?> { Key = "gone", Value = "v" });
        await producer.ProduceAsync("t", new Message<string, string?> { Key = "gone", Value = null });
        for (int number = 0; number < 200; number++)
        {
            await producer.ProduceAsync("t", new Message<string, string?> { Key = $"k{number % 3}", Value = $"{number}{new string('x', number % 50)}" });
        }

        // New segments keep coming until the tombstone's horizon is over.
        await UntilAsync(async () =>
        {
            await producer.ProduceAsync("t", new Message<string, string?> { Key = "k0", Value = new string('y', 1500) });
            List<ConsumeResult<string, string>> all = ReadAll(node, "t");
            return all.Count < 30 && all.All(record => record.Message.Key != "gone") && all.Select(record => record.Message.Key).Distinct().Count() == 3;
        });
        ConsumeResult<string, string>[] left = [.. ReadAll(node, "t")];
        Assert.Equal("199" + new string('x', 49), left.Last(record => record.Message.Key == "k1").Message.Value);
        Assert.Equal(left.Select(record => record.Offset.Value).Order(), left.Select(record => record.Offset.Value));
    }

    [Fact]
    public async Task Committed_offsets_survive_the_compaction_of_their_topic_and_a_restart()
    {
        using var folder = new TemporaryFolder();
        await using (FreshetNode node = await StartAsync(folder.Path))
        {
            await node.CreateTopicAsync("t", 1);
            using IConsumer<string, string> consumer = node.Consumer("g");
            consumer.Assign(new TopicPartition("t", 0));
            consumer.Commit([new TopicPartitionOffset("t", 0, 0)]);
            using IAdminClient admin = node.Admin();
            await admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>>
            {
                [new ConfigResource { Type = ResourceType.Topic, Name = "__consumer_offsets" }] =
                    [new ConfigEntry { Name = "segment.bytes", Value = "2000" }, new ConfigEntry { Name = "min.cleanable.dirty.ratio", Value = "0" }],
            });
            string log = Path.Combine(folder.Path, "broker");
            long written = 0;
            await UntilAsync(() =>
            {
                consumer.Commit([new TopicPartitionOffset("t", 0, written)]);
                written++;
                return Task.FromResult(written > 100 && Directory.GetDirectories(log, "__consumer_offsets-*").Sum(SizeOf) < 40 * written);
            });
        }

        await using FreshetNode again = await StartAsync(folder.Path);
        using IConsumer<string, string> reader = again.Consumer("g");
        TopicPartitionOffset committed = Assert.Single(reader.Committed([new TopicPartition("t", 0)], KafkaClients.Patience));
        Assert.True(committed.Offset.Value > 99);
    }

    [Fact]
    public async Task Old_records_are_deleted_and_their_files_follow()
    {
        using var folder = new TemporaryFolder();
        await using FreshetNode node = await StartAsync(folder.Path);
        await CreateAsync(node, "t", ("retention.ms", "60000"), ("file.delete.delay.ms", "0"));
        using IProducer<string, string> producer = node.Producer();
        await producer.ProduceAsync("t", new Message<string, string> { Value = "old", Timestamp = new Timestamp(DateTime.UtcNow.AddHours(-1)) });
        using IConsumer<string, string> consumer = node.Consumer("g");
        await UntilAsync(() => Task.FromResult(consumer.QueryWatermarkOffsets(new TopicPartition("t", 0), KafkaClients.Patience).Low == 1));
        await producer.ProduceAsync("t", new Message<string, string> { Value = "new" });
        Assert.Equal("new", Assert.Single(ReadAll(node, "t")).Message.Value);
        await UntilAsync(() => Task.FromResult(!File.Exists(Path.Combine(folder.Path, "broker", "t-0", $"{0:D20}.log.deleted"))));
        Assert.False(File.Exists(Path.Combine(folder.Path, "broker", "t-0", $"{0:D20}.log")));
    }

    private static ValueTask<FreshetNode> StartAsync(string? folder = null) => FreshetNode.StartAsync(
        new FreshetNodeOptions
        {
            DataDirectory = folder,
            ConfigureBroker = broker => (broker.CompactionInterval, broker.RetentionCheckInterval) = (TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50)),
        },
        new TestLog());

    private static async Task CreateAsync(FreshetNode node, string topic, params (string Name, string Value)[] settings)
    {
        using IAdminClient admin = node.Admin();
        await admin.CreateTopicsAsync(
            [new TopicSpecification { Name = topic, NumPartitions = 1, ReplicationFactor = 1, Configs = settings.ToDictionary(setting => setting.Name, setting => setting.Value) }]);
    }

    private static List<ConsumeResult<string, string>> ReadAll(FreshetNode node, string topic)
    {
        using IConsumer<string, string> consumer = node.Consumer("all", config => config.EnablePartitionEof = true);
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        var records = new List<ConsumeResult<string, string>>();
        using var patience = new CancellationTokenSource(KafkaClients.Patience);
        while (consumer.Consume(patience.Token) is { IsPartitionEOF: false } record)
        {
            records.Add(record);
        }

        return records;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(KafkaClients.Patience);
        while (!await holds())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private static long SizeOf(string folder) => new DirectoryInfo(folder).GetFiles("*.log").Sum(file => file.Length);

    private sealed class NullableText : ISerializer<string?>
    {
        public byte[] Serialize(string? data, SerializationContext context) => data is null ? null! : System.Text.Encoding.UTF8.GetBytes(data);
    }
}
