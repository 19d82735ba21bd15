using Freshet.Broker.Partitions;
using Freshet.Broker.Partitions.Batches;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log;
using Freshet.Storage.Records;
using Freshet.Tests.Support;

namespace Freshet.Broker.Tests.Partitions;

/// <summary>Compressed batches are looked into like others.</summary>
public class CompressedBatchTests
{
    public static TheoryData<Compression> Codecs => [Compression.Gzip, Compression.Snappy, Compression.Lz4, Compression.Zstd];

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task A_keyless_record_of_a_compacted_topic_is_found_inside_and_named(Compression codec)
    {
        using var folder = new TemporaryFolder();
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path, TestPartitions.Options with { Compacted = true });
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        AppendResult refused = partition.Append(Compressed(new RecordBatchBuilder(0).Add("k"u8, "v"u8).AddValue("v"u8).AddValue("w"u8).Build(), codec));
        Assert.Equal(ErrorCode.InvalidRecord, refused.Error);
        Assert.Equal([1, 2], refused.BadRecords);
        byte[] good = Compressed(new RecordBatchBuilder(0).Add("k"u8, "v"u8).Build(), codec);
        Assert.Equal(0, partition.Append(good).BaseOffset);
        Assert.Equal(good, partition.Slice(0, 1000).Length == good.Length ? Bytes(partition) : []);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task Records_that_do_not_match_the_header_are_refused(Compression codec)
    {
        using var folder = new TemporaryFolder();
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path);
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        byte[] three = new RecordBatchBuilder(0).AddValue("a"u8).AddValue("b"u8).AddValue("c"u8).Build();
        byte[] two = new RecordBatchBuilder(0).AddValue("a"u8).AddValue("b"u8).Build();
        Assert.Equal(ErrorCode.InvalidRecord, partition.Append(Compressed(three, codec, recordsOf: two)).Error);
        Assert.Equal(ErrorCode.InvalidRecord, partition.Append(Compressed(two, codec, recordsOf: three)).Error);
        byte[] damaged = Compressed(three, codec);
        damaged.AsSpan(RecordBatch.HeaderSize).Clear();
        RecordBatchStamp.Records(damaged, codec, 3);
        Assert.Equal(ErrorCode.InvalidRecord, partition.Append(damaged).Error);
        Assert.Equal(0, partition.LogEndOffset);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task A_bomb_is_refused(Compression codec)
    {
        using var folder = new TemporaryFolder();
        PartitionOptions options = TestPartitions.Options with { Log = TestPartitions.Options.Log with { MaxDecompressedBytes = 1_000_000 } };
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path, options);
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        byte[] bomb = Compressed(new RecordBatchBuilder(0).AddValue(new byte[1_000_000]).Build(), codec);
        Assert.True(bomb.Length < 100_000);
        AppendResult refused = partition.Append(bomb);
        Assert.Equal(ErrorCode.InvalidRecord, refused.Error);
        Assert.Contains("1000000 bytes", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, partition.Append(Compressed(new RecordBatchBuilder(0).AddValue(new byte[900_000]).Build(), codec)).BaseOffset);
    }

    [Fact]
    public async Task Timestamps_outside_the_topics_bounds_are_refused()
    {
        using var folder = new TemporaryFolder();
        PartitionOptions options = TestPartitions.Options with { TimestampBeforeMax = TimeSpan.FromMinutes(1), TimestampAfterMax = TimeSpan.FromMinutes(1) };
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path, options);
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        foreach (Compression codec in (Compression[])[Compression.None, Compression.Lz4])
        {
            AppendResult refused = partition.Append(Compressed(
                new RecordBatchBuilder(now).AddValue("a"u8).AddValue("b"u8, now - 120_000).AddValue("c"u8, now + 120_000).Build(), codec));
            Assert.Equal(ErrorCode.InvalidTimestamp, refused.Error);
            Assert.Equal([1, 2], refused.BadRecords);
        }

        Assert.Equal(0, partition.Append(new RecordBatchBuilder(now).AddValue("a"u8).AddValue("no time"u8, -1).Build()).BaseOffset);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task A_topic_with_a_codec_of_its_own_stores_all_batches_with_it(Compression codec)
    {
        using var folder = new TemporaryFolder();
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path, TestPartitions.Options with { Compression = codec });
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        byte[] sent = TestPartitions.Batch(50, producerId: 7, epoch: 0, sequence: 0);
        Assert.Equal(0, partition.Append(sent.ToArray()).BaseOffset);
        byte[] stored = Bytes(partition);
        Assert.Equal(RecordBatchFault.None, RecordBatch.Check(stored));
        Assert.Equal(codec, new RecordBatch(stored).Attributes.Compression);
        Assert.True(stored.Length < sent.Length);
        RecordBatchStamp.Offset(sent, 0, 0);
        Assert.Equal(sent, BatchCoding.Recompress(new RecordBatch(stored), Compression.None, 1_000_000));
    }

    [Fact]
    public async Task Times_are_found_inside_compressed_batches()
    {
        using var folder = new TemporaryFolder();
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path);
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        partition.Append(Compressed(new RecordBatchBuilder(0).AddValue("a"u8, 10).AddValue("b"u8, 20).AddValue("c"u8, 30).Build(), Compression.Zstd));
        Assert.Equal(new TimestampOffset(20, 1), partition.FirstNotBefore(11));
        Assert.Equal(new TimestampOffset(30, 2), partition.WithLargestTimestamp());
    }

    private static byte[] Bytes(Partition partition)
    {
        byte[] bytes = new byte[partition.Slice(0, 1_000_000).Length];
        partition.Slice(0, 1_000_000).Read(0, bytes);
        return bytes;
    }

    /// <summary>A batch with a codec, and if asked with the records of another.</summary>
    private static byte[] Compressed(byte[] batch, Compression codec, byte[]? recordsOf = null)
    {
        var header = new RecordBatch(batch);
        return BatchCoding.Build(header, (recordsOf ?? batch).AsSpan(RecordBatch.HeaderSize), header.RecordCount, codec);
    }
}
