using System.Buffers.Binary;
using System.Numerics;
using Freshet.Broker.Partitions;
using Freshet.Broker.Partitions.Batches;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log;
using Freshet.Tests.Support;

namespace Freshet.Broker.Tests.Partitions;

public class PartitionTests
{
    [Fact]
    public async Task A_batch_that_breaks_a_rule_is_refused_and_nothing_is_appended()
    {
        using var folder = new TemporaryFolder();
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path, TestPartitions.Options with { MaxMessageBytes = 500, Compacted = true });
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        byte[] good = new RecordBatchBuilder(0).Add("k"u8, "v"u8).Build();

        Assert.Equal(ErrorCode.CorruptMessage, partition.Append(With(good, at: good.Length - 2, value: 99)).Error);
        Assert.Equal(ErrorCode.InvalidRecord, partition.Append(good.AsSpan(0, good.Length - 1).ToArray()).Error);
        Assert.Equal(ErrorCode.CorruptMessage, partition.Append(With(good, at: 16, value: 3)).Error);
        Assert.Equal(ErrorCode.InvalidRecord, partition.Append(new RecordBatchBuilder(0).Add("k"u8, "v"u8).Build(baseOffset: 5)).Error);
        Assert.Equal(ErrorCode.InvalidRecord, partition.Append(WithHeaderCount(7)).Error);
        Assert.Equal(ErrorCode.InvalidRecord, partition.Append((byte[])[.. good, .. good]).Error);
        Assert.Equal(ErrorCode.InvalidRecord, partition.Append(With(good, at: 16, value: 1)).Error);
        Assert.Equal(ErrorCode.InvalidRecord, partition.Append(new RecordBatchBuilder(0).Build()).Error);
        Assert.Equal(ErrorCode.InvalidRecord, partition.Append(new RecordBatchBuilder(0).AddValue("no key"u8).Build()).Error);
        Assert.Equal(ErrorCode.MessageTooLarge, partition.Append(new RecordBatchBuilder(0).Add("k"u8, new byte[500]).Build()).Error);
        Assert.Equal(ErrorCode.InvalidRecord, partition.Append(new RecordBatchBuilder(0) { Attributes = new(1 << 5) }.Add("k"u8, "v"u8).Build()).Error);
        Assert.Equal(0, partition.LogEndOffset);

        Assert.Equal(0, partition.Append(good).BaseOffset);
        Assert.Equal(1, partition.LogEndOffset);

        // The last byte of the only record is how many headers it has.
        static byte[] WithHeaderCount(byte encoded)
        {
            byte[] batch = new RecordBatchBuilder(0).Add("k"u8, "v"u8).Build();
            return WithRightChecksum(With(batch, at: batch.Length - 1, encoded));
        }
    }

    [Fact]
    public async Task The_records_times_go_before_what_a_producer_says_of_them_in_the_header()
    {
        using var folder = new TemporaryFolder();
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path, TestPartitions.Options);
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        byte[] batch = new RecordBatchBuilder(0) { Attributes = new(1 << 3) }.AddValue("a"u8, at: 1000).AddValue("b"u8, at: 500).Build();
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(35), 7);
        Assert.Equal(ErrorCode.None, partition.Append(WithRightChecksum(batch)).Error);
        byte[] stored = new byte[partition.Slice(0, int.MaxValue).Length];
        partition.Slice(0, int.MaxValue).Read(0, stored);
        Assert.Equal(RecordBatchFault.None, RecordBatch.Check(stored));
        Assert.Equal((1000, false), (new RecordBatch(stored).MaxTimestamp, new RecordBatch(stored).Attributes.IsLogAppendTime));
        Assert.Equal(0, partition.WithLargestTimestamp()!.Value.Offset);
    }

    [Fact]
    public async Task Old_records_that_get_the_time_of_their_append_lie_in_one_segment()
    {
        using var folder = new TemporaryFolder();
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path, TestPartitions.Options with { LogAppendTime = true });
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        for (int number = 0; number < 3; number++)
        {
            Assert.Equal(ErrorCode.None, partition.Append(new RecordBatchBuilder(1000).AddValue("old"u8).Build()).Error);
        }

        Assert.Equal(1, partition.SegmentCount);
    }

    [Fact]
    public async Task A_reader_at_the_end_of_a_partition_that_was_emptied_shares_its_epoch()
    {
        using var folder = new TemporaryFolder();
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path, TestPartitions.Options);
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        Assert.Equal(new LeaderEpochEnd(0, 0), partition.EndOfEpoch(0));
        partition.Append(new RecordBatchBuilder(0).AddValue("a"u8).Build());
        partition.DeleteBefore(1);
        partition.Tidy(DateTimeOffset.UtcNow);
        Assert.Equal(new LeaderEpochEnd(0, 1), partition.EndOfEpoch(0));
        Assert.Null(partition.EndOfEpoch(1));
    }

    [Fact]
    public async Task The_producers_bytes_are_stored_as_they_came_apart_from_offset_and_leader_epoch()
    {
        using var folder = new TemporaryFolder();
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path);
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        byte[] sent = TestPartitions.Batch(3);
        partition.Append(TestPartitions.Batch(2));
        partition.Append(sent.ToArray());

        byte[] expected = sent;
        RecordBatchStamp.Offset(expected, 2, partition.LeaderEpoch);
        byte[] stored = new byte[partition.Slice(2, 10_000).Length];
        partition.Slice(2, 10_000).Read(0, stored);
        Assert.Equal(expected, stored);
    }

    [Fact]
    public async Task Log_append_time_replaces_the_producers()
    {
        using var folder = new TemporaryFolder();
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path, TestPartitions.Options with { LogAppendTime = true });
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        AppendResult appended = partition.Append(TestPartitions.Batch(1));
        Assert.True(appended.LogAppendTime > 1_700_000_000_000);
        Assert.Equal(0, partition.FirstNotBefore(appended.LogAppendTime)?.Offset);
    }

    [Fact]
    public async Task A_waiting_fetch_ends_with_enough_bytes_and_not_before()
    {
        using var folder = new TemporaryFolder();
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path);
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        byte[] batch = TestPartitions.Batch(1);
        var wait = new FetchWait(2 * batch.Length);
        partition.AddWait(wait);
        ValueTask waiting = wait.WaitAsync(TimeSpan.FromMinutes(5), TimeProvider.System, TestContext.Current.CancellationToken);
        partition.Append(batch.ToArray());
        Assert.False(waiting.IsCompleted);
        partition.Append(batch.ToArray());
        await waiting;
        partition.RemoveWait(wait);
    }

    [Fact]
    public async Task A_waiting_fetch_ends_when_its_partition_is_deleted()
    {
        using var folder = new TemporaryFolder();
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path);
        var wait = new FetchWait(1000);
        registry.GetOrCreate("t", 0, TestPartitions.TopicId).AddWait(wait);
        ValueTask waiting = wait.WaitAsync(TimeSpan.FromMinutes(5), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.True(registry.Delete("t", 0));
        await waiting;
        Assert.Null(registry.Find("t", 0));
    }

    [Fact]
    public async Task A_topic_created_again_under_its_old_name_begins_empty()
    {
        using var folder = new TemporaryFolder();
        await using (PartitionRegistry registry = TestPartitions.Open(folder.Path))
        {
            registry.GetOrCreate("my-topic", 0, TestPartitions.TopicId).Append(TestPartitions.Batch(1));
        }

        await using PartitionRegistry reopened = TestPartitions.Open(folder.Path);
        Assert.Equal(1, reopened.GetOrCreate("my-topic", 0, TestPartitions.TopicId).LogEndOffset);
        Assert.Equal(0, reopened.GetOrCreate("my-topic", 0, Guid.NewGuid()).LogEndOffset);
    }

    [Fact]
    public async Task A_damaged_partition_answers_with_a_storage_error_and_the_others_serve()
    {
        using var folder = new TemporaryFolder();
        await using (PartitionRegistry registry = TestPartitions.Open(folder.Path))
        {
            registry.GetOrCreate("t", 0, TestPartitions.TopicId).Append(TestPartitions.Batch(1));
            registry.GetOrCreate("t", 1, TestPartitions.TopicId).Append(TestPartitions.Batch(1));
        }

        await File.WriteAllBytesAsync(Directory.GetFiles(Path.Combine(folder.Path, "t-0"), "*.log").Single(), []);
        await using PartitionRegistry reopened = TestPartitions.Open(folder.Path);
        Assert.Null(reopened.Find("t", 0));
        Assert.Equal(ErrorCode.KafkaStorageError, reopened.ErrorOf("t", 0));
        Assert.Equal(1, reopened.Find("t", 1)?.LogEndOffset);
    }

    [Fact]
    public async Task No_flipped_bit_in_the_topic_id_deletes_a_partition()
    {
        using var folder = new TemporaryFolder();
        await using (PartitionRegistry registry = TestPartitions.Open(folder.Path))
        {
            registry.GetOrCreate("t", 0, TestPartitions.TopicId).Append(TestPartitions.Batch(1));
        }

        string metadata = Path.Combine(folder.Path, "t-0", "partition.metadata");
        byte[] intact = await File.ReadAllBytesAsync(metadata);
        int refusals = 0;
        for (int bit = 0; bit < 8 * intact.Length; bit++)
        {
            byte[] damaged = [.. intact];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            await File.WriteAllBytesAsync(metadata, damaged);
            await using PartitionRegistry registry = TestPartitions.Open(folder.Path);
            try
            {
                Assert.Equal(1, registry.GetOrCreate("t", 0, TestPartitions.TopicId).LogEndOffset);
            }
            catch (IOException)
            {
                refusals++;
                Assert.Null(registry.Find("t", 0));
                Assert.Equal(ErrorCode.KafkaStorageError, registry.ErrorOf("t", 0));
                Assert.Throws<IOException>(() => registry.GetOrCreate("t", 0, TestPartitions.TopicId));
            }
        }

        Assert.True(refusals >= 8 * 32);
        File.Delete(metadata); // What the message says.
        await using PartitionRegistry repaired = TestPartitions.Open(folder.Path);
        Assert.Equal(1, repaired.GetOrCreate("t", 0, TestPartitions.TopicId).LogEndOffset);
    }

    [Fact]
    public async Task A_topic_id_without_a_checksum_serves_its_topic_and_deletes_nothing_for_another()
    {
        using var folder = new TemporaryFolder();
        await using (PartitionRegistry registry = TestPartitions.Open(folder.Path))
        {
            registry.GetOrCreate("t", 0, TestPartitions.TopicId).Append(TestPartitions.Batch(1));
        }

        await File.WriteAllTextAsync(Path.Combine(folder.Path, "t-0", "partition.metadata"), $"version: 0\ntopic_id: {TestPartitions.TopicId}\n");
        await using PartitionRegistry reopened = TestPartitions.Open(folder.Path);
        Assert.Equal(1, reopened.GetOrCreate("t", 0, TestPartitions.TopicId).LogEndOffset);
        Assert.Contains("delete partition.metadata", Assert.Throws<IOException>(() => reopened.GetOrCreate("t", 0, Guid.NewGuid())).Message, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder.Path, "t-0"), "*.log"));
    }

    [Fact]
    public async Task Appends_from_many_threads_leave_no_gap()
    {
        using var folder = new TemporaryFolder();
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path);
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        long[] offsets = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => partition.Append(TestPartitions.Batch(3)).BaseOffset)));
        Assert.Equal(Enumerable.Range(0, 200).Select(number => 3L * number), offsets.Order());
        Assert.Equal(600, partition.LogEndOffset);
    }

    private static byte[] WithRightChecksum(byte[] batch)
    {
        uint checksum = uint.MaxValue;
        foreach (byte each in batch.AsSpan(21))
        {
            checksum = BitOperations.Crc32C(checksum, each);
        }

        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), ~checksum);
        return batch;
    }

    private static byte[] With(byte[] bytes, int at, byte value)
    {
        byte[] changed = [.. bytes];
        changed[at] = value;
        return changed;
    }
}
