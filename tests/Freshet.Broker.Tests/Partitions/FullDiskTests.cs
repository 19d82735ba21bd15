using Freshet.Broker.Partitions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log;
using Freshet.Storage.Log.Compaction;
using Freshet.Tests.Support;

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

    private static byte[] Batch(int size, int key) => new RecordBatchBuilder(1000).Add(BitConverter.GetBytes(key), new byte[size]).Build(key, leaderEpoch: 0);
}
