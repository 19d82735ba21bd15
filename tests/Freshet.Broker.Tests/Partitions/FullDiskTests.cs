using Confluent.Kafka;
using Freshet.Broker.Partitions;
using Freshet.Broker.Partitions.Batches;
using Freshet.Broker.Tests.Fetching;
using Freshet.Node;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log;
using Freshet.Storage.Log.Compaction;
using Freshet.Tests.Support;
using ErrorCode = Freshet.Protocol.Kafka.ErrorCode;
using Partition = Freshet.Broker.Partitions.Partition;

namespace Freshet.Broker.Tests.Partitions;

/// <summary>A real file system that is full.</summary>
public class FullDiskTests
{
    private static readonly PartitionOptions Options = TestPartitions.Options with
    {
        Log = new LogOptions { ForceOnClose = false, SegmentBytes = 30_000, IndexIntervalBytes = 200, RetentionAge = null },
    };

    [Theory]
    [InlineData(100)]
    [InlineData(900)]
    [InlineData(5000)]
    public async Task Producers_get_a_storage_error_until_space_returns_and_nothing_acknowledged_is_lost(int recordSize)
    {
        using SmallDisk? disk = SmallDisk.TryCreate(400);
        Assert.SkipWhen(disk is null, "No file system can be mounted: this test would fill one.");
        var acknowledged = new List<byte[]>();
        await using (PartitionRegistry registry = TestPartitions.Open(disk.Path, Options))
        {
            Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
            foreach (int room in (int[])[160_000, 80_000, 30_000])
            {
                string filler = Path.Combine(disk.Path, "filler");
                await File.WriteAllBytesAsync(filler, new byte[room]);
                Fill(partition, recordSize, acknowledged);
                Assert.True(partition.IsOffline);
                Assert.NotEqual(0, partition.Slice(0, 1000).Length);
                File.Delete(filler);
                byte[] batch = Batch(recordSize, acknowledged.Count);
                Assert.Equal((ErrorCode.None, acknowledged.Count), (partition.Append(batch).Error, (int)partition.LogEndOffset - 1));
                acknowledged.Add(batch);
                Assert.False(partition.IsOffline);
            }
        }

        await using PartitionRegistry reopened = TestPartitions.Open(disk.Path, Options);
        Partition again = reopened.Find("t", 0)!;
        Assert.Equal(acknowledged.Count, again.LogEndOffset);
        Assert.All(acknowledged, (batch, offset) =>
        {
            byte[] stored = new byte[again.Slice(offset, 1).Length];
            again.Slice(offset, 1).Read(0, stored);
            Assert.Equal(batch, stored);
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(12)]
    public async Task A_partition_that_finds_no_space_answers_with_a_storage_error_and_is_there_when_space_returns(int roomKib)
    {
        using SmallDisk? disk = SmallDisk.TryCreate(400);
        Assert.SkipWhen(disk is null, "No file system can be mounted: this test would fill one.");
        await using PartitionRegistry registry = TestPartitions.Open(disk.Path, Options);
        string filler = Path.Combine(disk.Path, "filler");
        await File.WriteAllBytesAsync(filler, new byte[(400 - roomKib) * 1024], TestContext.Current.CancellationToken);
        // With more room some can be made; sooner or later one cannot.
        int last = 0;
        while (TryCreate(registry, "t", last))
        {
            last++;
        }

        Assert.Null(registry.Find("t", last));
        Assert.Equal(ErrorCode.KafkaStorageError, registry.ErrorOf("t", last));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, registry.ErrorOf("t", last + 1));
        File.Delete(filler);
        Assert.Equal(0, registry.Find("t", last)!.Append(Batch(100, 0)).BaseOffset);
        Assert.Equal((ErrorCode.UnknownTopicOrPartition, TestPartitions.TopicId), (registry.ErrorOf("t", last), registry.Find("t", last)!.TopicId));
    }

    [Fact]
    public async Task A_partition_that_was_never_made_can_be_deleted()
    {
        using SmallDisk? disk = SmallDisk.TryCreate(400);
        Assert.SkipWhen(disk is null, "No file system can be mounted: this test would fill one.");
        await using PartitionRegistry registry = TestPartitions.Open(disk.Path, Options);
        string filler = Path.Combine(disk.Path, "filler");
        await File.WriteAllBytesAsync(filler, new byte[400 * 1024], TestContext.Current.CancellationToken);
        Assert.False(TryCreate(registry, "t", 0));
        Assert.True(registry.Delete("t", 0));
        File.Delete(filler);
        Assert.Null(registry.Find("t", 0));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, registry.ErrorOf("t", 0));
        Assert.Empty(Directory.GetFileSystemEntries(disk.Path));
    }

    [Fact]
    public async Task A_topic_that_is_made_on_a_full_disk_takes_records_when_space_returns()
    {
        using SmallDisk? disk = SmallDisk.TryCreate(400);
        Assert.SkipWhen(disk is null, "No file system can be mounted: this test would fill one.");
        await using FreshetNode node = await FreshetNode.StartAsync(
            new FreshetNodeOptions { ConfigureBroker = broker => broker.DataDirectory = disk.Path }, new TestLog());
        string filler = Path.Combine(disk.Path, "filler");
        Assert.ThrowsAny<IOException>(() => File.WriteAllBytes(filler, new byte[400 * 1024]));
        await node.CreateTopicAsync("t", 1);
        using WireClient client = await WireClient.ConnectAsync(node);
        Assert.Equal(ErrorCode.KafkaStorageError, Assert.Single((await client.FetchAsync(12, 0, 0, [new Wanted("t", default, 0, 0)])).Partitions).Error);
        using IProducer<string, string> producer = node.Producer();
        Task<DeliveryResult<string, string>> delivering = producer.ProduceAsync("t", new Message<string, string> { Value = "v" }, TestContext.Current.CancellationToken);
        File.Delete(filler);
        Assert.Equal(0, (await delivering).Offset.Value);
    }

    [Fact]
    public async Task Compaction_that_finds_no_space_leaves_the_log_as_it_was_and_nothing_behind()
    {
        using SmallDisk? disk = SmallDisk.TryCreate(400);
        Assert.SkipWhen(disk is null, "No file system can be mounted: this test would fill one.");
        PartitionOptions options = Options with { Compacted = true, Log = Options.Log with { Compaction = new CompactionOptions { MinDirtyRatio = 0 } } };
        var acknowledged = new List<byte[]>();
        string filler = Path.Combine(disk.Path, "filler");
        await File.WriteAllBytesAsync(filler, new byte[20_000]);
        await using (PartitionRegistry registry = TestPartitions.Open(disk.Path, options))
        {
            Fill(registry.GetOrCreate("t", 0, TestPartitions.TopicId), 900, acknowledged);
            File.Delete(filler); // Room for what a clean stop writes, not for a segment.
        }

        await using PartitionRegistry reopened = TestPartitions.Open(disk.Path, options);
        Partition partition = reopened.Find("t", 0)!;
        Assert.Throws<IOException>(() => partition.Compact(new CompactionLimits(), TestContext.Current.CancellationToken));
        Assert.Equal(acknowledged.Count, partition.LogEndOffset);
        Assert.DoesNotContain(
            Directory.GetFiles(Path.Combine(disk.Path, "t-0")),
            file => file.EndsWith("cleaned", StringComparison.Ordinal) || file.EndsWith("swap", StringComparison.Ordinal));
    }

    private static bool TryCreate(PartitionRegistry registry, string topic, int index)
    {
        try
        {
            registry.GetOrCreate(topic, index, TestPartitions.TopicId);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void Fill(Partition partition, int recordSize, List<byte[]> acknowledged)
    {
        while (true)
        {
            byte[] batch = Batch(recordSize, acknowledged.Count);
            AppendResult result = partition.Append(batch);
            if (result.Error != ErrorCode.None)
            {
                Assert.Equal(ErrorCode.KafkaStorageError, result.Error);
                return;
            }

            Assert.Equal(acknowledged.Count, result.BaseOffset);
            acknowledged.Add(batch);
        }
    }

    private static byte[] Batch(int size, int key) => new RecordBatchBuilder(1000).Add(BitConverter.GetBytes(key), new byte[size]).Build(leaderEpoch: 0);
}
