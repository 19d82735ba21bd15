using Freshet.Broker.Partitions;
using Freshet.Broker.Partitions.Producers;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log;
using Freshet.Tests.Support;

namespace Freshet.Broker.Tests.Partitions;

/// <summary>Open, committed and aborted transactions of one partition, before and after a restart.</summary>
public class PartitionTransactionTests
{
    [Fact]
    public async Task The_last_stable_offset_waits_for_the_oldest_open_transaction()
    {
        using var folder = new TemporaryFolder();
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path);
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        partition.Append(TestPartitions.Batch(2));
        Append(partition, producer: 7, sequence: 0);
        Append(partition, producer: 8, sequence: 0);
        partition.Append(TestPartitions.Batch(1));
        Assert.Equal((2, 5), (partition.LastStableOffset, partition.HighWatermark));
        await EndAsync(partition, 8, commit: true);
        Assert.Equal(2, partition.LastStableOffset);
        await EndAsync(partition, 7, commit: false);
        Assert.Equal((7, 7), (partition.LastStableOffset, partition.HighWatermark));
        Assert.Equal([new AbortedTransaction(7, 2, 6, 7)], partition.AbortedIn(0, 7));
        Assert.Empty(partition.AbortedIn(0, 2));
        Assert.Empty(partition.AbortedIn(7, 9));
        Assert.Single(partition.AbortedIn(6, 7));
    }

    [Fact]
    public async Task A_marker_without_records_leaves_no_aborted_transaction_and_an_old_epoch_writes_none()
    {
        using var folder = new TemporaryFolder();
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path);
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        await EndAsync(partition, 7, commit: false, epoch: 3);
        Assert.Empty(partition.AbortedIn(0, 10));
        Assert.Equal(ErrorCode.InvalidProducerEpoch, (await partition.EndTransactionAsync(7, 2, new ControlRecord(true, 0), CancellationToken.None)).Error);
        await partition.EndTransactionAsync(7, 3, new ControlRecord(true, 5), CancellationToken.None);
        Assert.Equal(ErrorCode.TransactionCoordinatorFenced, (await partition.EndTransactionAsync(7, 3, new ControlRecord(true, 4), CancellationToken.None)).Error);
        Assert.Equal(2, partition.HighWatermark);
    }

    [Fact]
    public async Task A_producer_with_an_open_transaction_sends_nothing_beside_it_and_a_fenced_one_nothing_at_all()
    {
        using var folder = new TemporaryFolder();
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path);
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        Append(partition, producer: 7, sequence: 0);
        Assert.Equal(ErrorCode.InvalidTxnState, partition.Append(TestPartitions.Batch(1, 7, 0, 1)).Error);
        await EndAsync(partition, 7, commit: false, epoch: 1);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, partition.Append(Transactional(7, 0, 1)).Error);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, partition.Append(Transactional(7, 1, 1)).Error);
        Assert.Equal(ErrorCode.None, partition.Append(Transactional(7, 1, 0)).Error);
    }

    [Fact]
    public async Task A_transaction_ends_in_a_topic_that_takes_no_batch_as_large_as_its_marker_and_compresses()
    {
        using var folder = new TemporaryFolder();
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path);
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        Append(partition, producer: 7, sequence: 0);
        partition.Options = TestPartitions.Options with { MaxMessageBytes = 10, Compression = Compression.Gzip };
        Assert.Equal(ErrorCode.MessageTooLarge, partition.Append(Transactional(7, 0, 1)).Error);
        await EndAsync(partition, 7, commit: false);
        Assert.Equal((2, 2), (partition.LastStableOffset, partition.HighWatermark));
        Assert.Single(partition.AbortedIn(0, 2));
    }

    [Fact]
    public async Task Batches_of_a_transaction_stay_in_it_when_the_topic_compresses_them()
    {
        using var folder = new TemporaryFolder();
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path);
        PartitionOptions options = TestPartitions.Options with { Compression = Compression.Gzip };
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId, options);
        Append(partition, producer: 7, sequence: 0);
        Assert.Equal((0, 1), (partition.LastStableOffset, partition.HighWatermark));
        await EndAsync(partition, 7, commit: true);
        Assert.Equal(2, partition.LastStableOffset);
    }

    [Fact]
    public async Task A_producer_with_an_epoch_for_each_transaction_begins_at_zero_even_where_it_is_not_known()
    {
        using var folder = new TemporaryFolder();
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path);
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, partition.Append(Transactional(7, 0, 3), guard: new Open(beginsAtZero: true)).Error);
        Assert.Equal(ErrorCode.None, partition.Append(Transactional(7, 0, 0), guard: new Open(beginsAtZero: true)).Error);
        Assert.Equal(ErrorCode.None, partition.Append(Transactional(8, 0, 3), guard: new Open(beginsAtZero: false)).Error);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("*.producers")]
    [InlineData("*.txnindex")]
    [InlineData("*.producers *.txnindex log-checkpoint")]
    public async Task Everything_is_known_again_after_a_restart(string lostInTheCrash)
    {
        using var folder = new TemporaryFolder();
        // Small segments: snapshots are written while it runs.
        PartitionOptions options = TestPartitions.Options with { Log = TestPartitions.Options.Log with { SegmentBytes = 1024 } };
        var expected = new List<AbortedTransaction>();
        await using (PartitionRegistry registry = TestPartitions.Open(folder.Path, options))
        {
            Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId, options);
            for (int round = 0; round < 40; round++)
            {
                long first = partition.HighWatermark;
                Append(partition, producer: 7, sequence: round);
                partition.Append(TestPartitions.Batch(1));
                await EndAsync(partition, 7, commit: round % 2 == 0);
                if (round % 2 != 0)
                {
                    expected.Add(new AbortedTransaction(7, first, first + 2, first + 3));
                }
            }

            Append(partition, producer: 9, sequence: 0);
        }

        foreach (string pattern in lostInTheCrash.Split(' '))
        {
            foreach (string file in Directory.GetFiles(Path.Combine(folder.Path, "t-0"), pattern))
            {
                File.Delete(file);
            }
        }

        await using PartitionRegistry again = TestPartitions.Open(folder.Path, options);
        Partition reopened = again.Find("t", 0)!;
        Assert.Equal(expected, reopened.AbortedIn(0, long.MaxValue));
        Assert.Equal((120, 121), (reopened.LastStableOffset, reopened.HighWatermark));
        Assert.Equal(ErrorCode.InvalidTxnState, reopened.Append(TestPartitions.Batch(1, 9, 0, 1)).Error);
        await EndAsync(reopened, 9, commit: true);
        Assert.Equal(reopened.HighWatermark, reopened.LastStableOffset);
        Assert.Equal(ErrorCode.None, reopened.Append(Transactional(7, 0, 40)).Error);
    }

    [Fact]
    public async Task No_flipped_bit_in_a_transaction_index_shows_an_aborted_record()
    {
        using var folder = new TemporaryFolder();
        AbortedTransaction[] expected = [new(7, 0, 1, 2), new(8, 3, 4, 5)];
        await using (PartitionRegistry registry = TestPartitions.Open(folder.Path))
        {
            Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
            Append(partition, producer: 7, sequence: 0);
            await EndAsync(partition, 7, commit: false);
            partition.Append(TestPartitions.Batch(1));
            Append(partition, producer: 8, sequence: 0);
            await EndAsync(partition, 8, commit: false);
        }

        string file = Directory.GetFiles(Path.Combine(folder.Path, "t-0"), "*.txnindex")[0];
        byte[] intact = await File.ReadAllBytesAsync(file);
        for (int at = 0; at < intact.Length; at++)
        {
            byte[] damaged = [.. intact];
            damaged[at] ^= (byte)(1 << (at % 8));
            await File.WriteAllBytesAsync(file, damaged);
            await using PartitionRegistry registry = TestPartitions.Open(folder.Path);
            Assert.Equal(expected, registry.Find("t", 0)!.AbortedIn(0, long.MaxValue));
        }

        Assert.Equal(intact, await File.ReadAllBytesAsync(file));
    }

    [Fact]
    public async Task The_transaction_index_has_Kafkas_layout()
    {
        using var folder = new TemporaryFolder();
        await using (PartitionRegistry registry = TestPartitions.Open(folder.Path))
        {
            Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
            Append(partition, producer: 7, sequence: 0);
            await EndAsync(partition, 7, commit: false);
        }

        // The marker is decades younger than the record, which is why it begins a segment.
        byte[] bytes = await File.ReadAllBytesAsync(Path.Combine(folder.Path, "t-0", "00000000000000000001.txnindex"));
        Assert.Equal("0000" + "0000000000000007" + "0000000000000000" + "0000000000000001" + "0000000000000002", Convert.ToHexString(bytes));
    }

    private static void Append(Partition partition, long producer, int sequence) =>
        Assert.Equal(ErrorCode.None, partition.Append(Transactional(producer, 0, sequence)).Error);

    private static byte[] Transactional(long producer, short epoch, int sequence) => new RecordBatchBuilder(1000)
    {
        ProducerId = producer,
        ProducerEpoch = epoch,
        BaseSequence = sequence,
        Attributes = RecordBatchAttributes.Transactional,
    }.AddValue("value"u8).Build();

    private static async Task EndAsync(Partition partition, long producer, bool commit, short epoch = 0) =>
        Assert.Equal(ErrorCode.None, (await partition.EndTransactionAsync(producer, epoch, new ControlRecord(commit, 0), CancellationToken.None)).Error);

    /// <summary>A transaction that is open and takes everything.</summary>
    private sealed class Open(bool beginsAtZero) : ITransactionGuard
    {
        public bool BeginsAtZero => beginsAtZero;

        public ErrorCode Check(long producerId, short producerEpoch, string topic, int partition) => ErrorCode.None;
    }
}
