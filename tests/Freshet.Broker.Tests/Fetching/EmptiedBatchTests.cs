using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Freshet.Broker.Partitions;
using Freshet.Broker.Tests.Partitions;
using Freshet.Node;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log;
using Freshet.Storage.Log.Compaction;
using Freshet.Tests.Support;
using Partition = Freshet.Broker.Partitions.Partition;

namespace Freshet.Broker.Tests.Fetching;

/// <summary>
/// A run of segments that compaction has left with nothing but one empty batch each. librdkafka takes every answer without a record for a
/// sign that its limit is too small, and the eleventh for an error: "Message at offset ... might be too large to fetch".
/// </summary>
public class EmptiedBatchTests
{
    private const int Emptied = 40;

    [Theory]
    [InlineData(IsolationLevel.ReadUncommitted)]
    [InlineData(IsolationLevel.ReadCommitted)]
    public async Task A_reader_gets_past_many_segments_of_empty_batches(IsolationLevel isolation)
    {
        using var folder = new TemporaryFolder();
        await CreateTopicAsync(folder.Path);
        await FillAsync(Path.Combine(folder.Path, "broker"));
        await using FreshetNode node = await StartAsync(folder.Path);
        using IConsumer<string, string> consumer = node.Consumer("g", config => (config.IsolationLevel, config.EnablePartitionEof) = (isolation, true));
        consumer.Assign(new TopicPartitionOffset("t", 0, Offset.Beginning));
        using var patience = new CancellationTokenSource(KafkaClients.Patience);
        var read = new List<(long Offset, string Key)>();
        while (consumer.Consume(patience.Token) is { IsPartitionEOF: false } record)
        {
            read.Add((record.Offset.Value, record.Message.Key));
        }

        Assert.Equal([(0, "first"), (Emptied + 1, "same"), (Emptied + 2, "last")], read);
    }

    private static async Task CreateTopicAsync(string folder)
    {
        await using FreshetNode node = await StartAsync(folder);
        using IAdminClient admin = node.Admin();
        await admin.CreateTopicsAsync(
            [new TopicSpecification { Name = "t", NumPartitions = 1, ReplicationFactor = 1, Configs = new() { ["cleanup.policy"] = "compact" } }]);
    }

    /// <summary>Writes and compacts the topic's log with segments smaller than a topic may ask for: every batch has one of its own.</summary>
    private static async Task FillAsync(string folder)
    {
        PartitionOptions options = TestPartitions.Options with
        {
            Compacted = true,
            Log = new LogOptions { ForceOnClose = false, SegmentBytes = 100, RetentionAge = null, Compaction = new CompactionOptions { MinDirtyRatio = 0 } },
        };
        await using (PartitionRegistry registry = TestPartitions.Open(folder, options))
        {
            Partition partition = registry.Find("t", 0)!;
            Append(partition, "first"u8);
            for (int number = 0; number <= Emptied; number++)
            {
                Append(partition, "same"u8);
            }

            Append(partition, "last"u8);
        }

        await using PartitionRegistry reopened = TestPartitions.Open(folder, options);
        Assert.True(reopened.Find("t", 0)!.Compact(new CompactionLimits(), TestContext.Current.CancellationToken));
        Assert.Equal(Emptied, new DirectoryInfo(Path.Combine(folder, "t-0")).GetFiles("*.log").Count(segment => segment.Length == RecordBatch.HeaderSize));
    }

    private static void Append(Partition partition, ReadOnlySpan<byte> key) =>
        Assert.Equal(Freshet.Protocol.Kafka.ErrorCode.None, partition.Append(new RecordBatchBuilder(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()).Add(key, "value"u8).Build()).Error);

    /// <summary>A node that compacts nothing itself.</summary>
    private static ValueTask<FreshetNode> StartAsync(string folder) => FreshetNode.StartAsync(
        new FreshetNodeOptions { DataDirectory = folder, ConfigureBroker = broker => broker.CompactionInterval = TimeSpan.FromDays(1) }, new TestLog());
}
