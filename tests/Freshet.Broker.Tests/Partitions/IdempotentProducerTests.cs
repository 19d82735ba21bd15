using Freshet.Broker.Partitions;
using Freshet.Broker.Partitions.Batches;
using Freshet.Protocol.Kafka;
using Freshet.Tests.Support;

namespace Freshet.Broker.Tests.Partitions;

public class IdempotentProducerTests
{
    [Fact]
    public async Task Each_of_the_last_five_batches_is_known_again_with_its_offset()
    {
        using var folder = new TemporaryFolder();
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path);
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        for (int sequence = 0; sequence < 12; sequence += 2)
        {
            Assert.Equal(sequence, partition.Append(TestPartitions.Batch(2, 7, 0, sequence)).BaseOffset);
        }

        for (int sequence = 2; sequence < 12; sequence += 2)
        {
            AppendResult again = partition.Append(TestPartitions.Batch(2, 7, 0, sequence));
            Assert.Equal((ErrorCode.None, sequence), (again.Error, again.BaseOffset));
        }

        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, partition.Append(TestPartitions.Batch(2, 7, 0, 0)).Error);
        Assert.Equal(12, partition.LogEndOffset);
    }

    [Fact]
    public async Task A_gap_is_refused_and_an_older_epoch_is_fenced()
    {
        using var folder = new TemporaryFolder();
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path);
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        Assert.Equal(ErrorCode.None, partition.Append(TestPartitions.Batch(1, 7, 1, 0)).Error);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, partition.Append(TestPartitions.Batch(1, 7, 1, 2)).Error);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, partition.Append(TestPartitions.Batch(1, 7, 2, 1)).Error);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, partition.Append(TestPartitions.Batch(1, 7, 0, 1)).Error);
        Assert.Equal(ErrorCode.None, partition.Append(TestPartitions.Batch(1, 7, 2, 0)).Error);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, partition.Append(TestPartitions.Batch(1, 7, 1, 1)).Error);
    }

    [Fact]
    public async Task Sequence_numbers_start_over_after_the_largest()
    {
        using var folder = new TemporaryFolder();
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path);
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        Assert.Equal(ErrorCode.None, partition.Append(TestPartitions.Batch(3, 7, 0, int.MaxValue - 1)).Error);
        Assert.Equal(ErrorCode.None, partition.Append(TestPartitions.Batch(1, 7, 0, 1)).Error);
        Assert.Equal(0, partition.Append(TestPartitions.Batch(3, 7, 0, int.MaxValue - 1)).BaseOffset);
    }

    [Fact]
    public async Task All_five_batches_are_known_after_a_clean_restart()
    {
        using var folder = new TemporaryFolder();
        await AppendSixAsync(folder.Path);
        await AssertKnowsLastFiveAsync(folder.Path);
    }

    [Theory]
    [InlineData("*.producers")]
    [InlineData("log-checkpoint")]
    public async Task All_five_batches_are_known_when_they_must_be_read_from_the_log(string lostInTheCrash)
    {
        using var folder = new TemporaryFolder();
        await AppendSixAsync(folder.Path);
        foreach (string file in Directory.GetFiles(Path.Combine(folder.Path, "t-0"), lostInTheCrash))
        {
            File.Delete(file);
        }

        await AssertKnowsLastFiveAsync(folder.Path);
    }

    [Fact]
    public async Task A_damaged_snapshot_is_not_believed()
    {
        using var folder = new TemporaryFolder();
        await AppendSixAsync(folder.Path);
        string snapshot = Directory.GetFiles(Path.Combine(folder.Path, "t-0"), "*.producers").Single();
        byte[] bytes = await File.ReadAllBytesAsync(snapshot);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(snapshot, bytes);
        await AssertKnowsLastFiveAsync(folder.Path);
    }

    [Fact]
    public async Task A_producer_that_sends_nothing_for_so_long_is_forgotten()
    {
        using var folder = new TemporaryFolder();
        var options = PartitionOptions.Of(new BrokerOptions { DataDirectory = folder.Path, ForceSync = false, ProducerIdExpiration = TimeSpan.FromHours(1) });
        await using PartitionRegistry registry = TestPartitions.Open(folder.Path, options);
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        partition.Append(TestPartitions.Batch(1, 7, 3, 0));
        DateTimeOffset sent = DateTimeOffset.UtcNow;
        partition.Tidy(sent + TimeSpan.FromMinutes(50));
        Assert.Equal(ErrorCode.InvalidProducerEpoch, partition.Append(TestPartitions.Batch(1, 7, 2, 0)).Error);
        partition.Tidy(sent + TimeSpan.FromMinutes(61));
        Assert.Empty(partition.SelectProducers((id, _) => id));
        Assert.Equal(ErrorCode.None, partition.Append(TestPartitions.Batch(1, 7, 2, 0)).Error);
    }

    private static async Task AppendSixAsync(string folder)
    {
        await using PartitionRegistry registry = TestPartitions.Open(folder);
        Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId);
        for (int sequence = 0; sequence < 6; sequence++)
        {
            partition.Append(TestPartitions.Batch(1, 7, 0, sequence));
        }
    }

    private static async Task AssertKnowsLastFiveAsync(string folder)
    {
        await using PartitionRegistry registry = TestPartitions.Open(folder);
        Partition partition = registry.Find("t", 0)!;
        for (int sequence = 1; sequence < 6; sequence++)
        {
            Assert.Equal(sequence, partition.Append(TestPartitions.Batch(1, 7, 0, sequence)).BaseOffset);
        }

        Assert.Equal(6, partition.LogEndOffset);
        Assert.Equal(6, partition.Append(TestPartitions.Batch(1, 7, 0, 6)).BaseOffset);
    }
}
