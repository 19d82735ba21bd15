using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log;
using Freshet.Tests.Support;

namespace Freshet.Storage.Tests.Log;

/// <summary>Leader epochs and the log's start, across restarts and crashes.</summary>
public class LeaderEpochTests
{
    [Fact]
    public async Task Epochs_end_where_the_next_begins_also_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        await using (PartitionLog log = Open(folder))
        {
            Append(log, epoch: 2);
            Append(log, epoch: 2);
            Append(log, epoch: 5);
            AssertEpochs(log);
        }

        Assert.Equal(["0", "2", "2 0", "5 2"], await File.ReadAllLinesAsync(EpochFile(folder)));
        await using PartitionLog reopened = Open(folder);
        AssertEpochs(reopened);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0\n2\n2 0\n")]
    [InlineData("0\n1\ntwo 0\n")]
    public async Task A_lost_or_damaged_file_is_built_again_from_the_batches(string? left)
    {
        using var folder = new TemporaryFolder();
        await using (PartitionLog log = Open(folder))
        {
            Append(log, epoch: 2);
            Append(log, epoch: 2);
            Append(log, epoch: 5);
        }

        File.Delete(EpochFile(folder));
        if (left is not null)
        {
            await File.WriteAllTextAsync(EpochFile(folder), left);
        }

        await using PartitionLog reopened = Open(folder);
        AssertEpochs(reopened);
    }

    [Fact]
    public async Task Epochs_of_a_tail_that_a_crash_took_are_forgotten()
    {
        using var folder = new TemporaryFolder();
        string crashed = Path.Combine(folder.Path, "crashed");
        Directory.CreateDirectory(crashed);
        string running = Path.Combine(folder.Path, "running");
        await using (PartitionLog log = PartitionLog.Open(running, TestLog.Small, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance))
        {
            Append(log, epoch: 1);
            int whole = (int)log.Size;
            Append(log, epoch: 3);
            string file = Directory.GetFiles(running, "*.log").Single();
            await File.WriteAllBytesAsync(Path.Combine(crashed, Path.GetFileName(file)), (await File.ReadAllBytesAsync(file))[..(whole + 5)]);
            File.Copy(Path.Combine(running, "leader-epoch-checkpoint"), Path.Combine(crashed, "leader-epoch-checkpoint"));
        }

        await using PartitionLog reopened = TestLog.Open(crashed);
        Assert.Equal(new LeaderEpochEnd(1, 1), reopened.EndOfEpoch(1));
        Assert.Null(reopened.EndOfEpoch(3));
    }

    [Fact]
    public async Task Deleted_records_stay_deleted_after_a_restart_and_segments_before_the_start_go()
    {
        using var folder = new TemporaryFolder();
        await using (PartitionLog log = Open(folder))
        {
            for (int number = 0; number < 40; number++)
            {
                log.Append(300, number);
            }

            int files = Directory.GetFiles(folder.Path, "*.log").Length;
            log.DeleteBefore(25);
            Assert.Equal(25, log.LogStartOffset);
            Assert.True(Directory.GetFiles(folder.Path, "*.log").Length < files);
            log.DeleteBefore(3);
            Assert.Equal(25, log.LogStartOffset);
            Assert.Throws<ArgumentOutOfRangeException>(() => log.DeleteBefore(41));
        }

        await using (PartitionLog reopened = Open(folder))
        {
            Assert.Equal((25, 40), (reopened.LogStartOffset, reopened.LogEndOffset));
            reopened.DeleteBefore(40);
            Assert.Equal(0, reopened.Size);
        }

        await using PartitionLog empty = Open(folder);
        Assert.Equal((40, 40), (empty.LogStartOffset, empty.LogEndOffset));
    }

    [Fact]
    public async Task A_start_that_a_crash_left_beyond_the_end_is_kept()
    {
        using var folder = new TemporaryFolder();
        await using (PartitionLog log = Open(folder))
        {
            log.Append(10, 1, 2, 3);
        }

        await File.WriteAllTextAsync(Path.Combine(folder.Path, "log-checkpoint"), "0\n0\n7\n");
        await using PartitionLog reopened = Open(folder);
        Assert.Equal((7, 7, 0), (reopened.LogStartOffset, reopened.LogEndOffset, reopened.Size));
    }

    private static void AssertEpochs(PartitionLog log)
    {
        Assert.Null(log.EndOfEpoch(-1));
        Assert.Equal(new LeaderEpochEnd(1, 0), log.EndOfEpoch(1));
        Assert.Equal(new LeaderEpochEnd(2, 2), log.EndOfEpoch(2));
        Assert.Equal(new LeaderEpochEnd(2, 2), log.EndOfEpoch(4));
        Assert.Equal(new LeaderEpochEnd(5, 3), log.EndOfEpoch(5));
        Assert.Null(log.EndOfEpoch(6));
        Assert.Equal([2, 2, 5], new[] { log.EpochAt(0), log.EpochAt(1), log.EpochAt(2) });
    }

    private static PartitionLog Open(TemporaryFolder folder) => TestLog.Open(folder.Path);

    private static string EpochFile(TemporaryFolder folder) => Path.Combine(folder.Path, "leader-epoch-checkpoint");

    private static void Append(PartitionLog log, int epoch) => log.Append(new RecordBatchBuilder(0).AddValue("v"u8).Build(log.LogEndOffset, epoch));
}
