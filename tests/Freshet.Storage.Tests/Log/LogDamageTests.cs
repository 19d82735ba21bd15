using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log;
using Freshet.Storage.Log.Compaction;
using Freshet.Tests.Support;

namespace Freshet.Storage.Tests.Log;

/// <summary>Bits that flip on the disk: what is whole stays, whatever is damaged beside it.</summary>
public sealed class LogDamageTests : IDisposable
{
    private const int Batches = 24;
    private readonly TemporaryFolder _folder = new();
    private readonly List<byte[]> _batches = [];

    private string Stopped => Path.Combine(_folder.Path, "stopped");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_that_was_safely_on_disk_is_cut_whichever_byte_of_the_last_segment_changes()
    {
        await FillAsync();
        int opened = 0;
        string last = SegmentsOf(Stopped).Last();
        byte[] whole = await File.ReadAllBytesAsync(last);
        for (int at = 0; at < whole.Length; at++)
        {
            string copy = Copy();
            string segment = Path.Combine(copy, Path.GetFileName(last));
            byte[] damaged = Flip(segment, at);
            try
            {
                await using PartitionLog log = TestLog.Open(copy);
                Assert.Equal(Batches, log.LogEndOffset);
                opened++;
            }
            catch (LogCorruptException damage)
            {
                Assert.Contains(segment, damage.Message, StringComparison.Ordinal);
            }

            Assert.Equal(damaged, await File.ReadAllBytesAsync(segment));
            Directory.Delete(copy, recursive: true);
        }

        Assert.InRange(opened, 1, whole.Length);
    }

    [Fact]
    public async Task Every_record_is_found_by_offset_and_by_time_whichever_byte_of_an_index_changes()
    {
        await FillAsync();
        foreach (string index in Directory.GetFiles(Stopped, "*index"))
        {
            for (int at = 0; at < new FileInfo(index).Length; at++)
            {
                string copy = Copy();
                Flip(Path.Combine(copy, Path.GetFileName(index)), at);
                await using (PartitionLog log = TestLog.Open(copy))
                {
                    Assert.Equal(Batches, log.LogEndOffset);
                    for (int offset = 0; offset < Batches; offset++)
                    {
                        Assert.Equal(offset, new RecordBatch(log.Slice(offset, 700).Bytes()).BaseOffset);
                        Assert.Equal(offset, log.FirstNotBefore(1000 + offset)?.Offset);
                    }

                    Assert.Equal(_batches, log.ReadAll(0, 700));
                }

                Directory.Delete(copy, recursive: true);
            }
        }
    }

    [Fact]
    public async Task Retention_does_not_believe_a_damaged_index_that_a_segment_is_old()
    {
        await FillAsync();
        DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(1000 + Batches);
        foreach (string index in Directory.GetFiles(Stopped, "*.timeindex"))
        {
            for (int at = 0; at < new FileInfo(index).Length; at++)
            {
                string copy = Copy();
                Flip(Path.Combine(copy, Path.GetFileName(index)), at);
                await using (PartitionLog log = TestLog.Open(copy, TestLog.Small with { RetentionAge = TimeSpan.FromMilliseconds(Batches + 1) }))
                {
                    Assert.Equal(0, log.ApplyRetention(now));
                }

                Directory.Delete(copy, recursive: true);
            }
        }
    }

    [Theory]
    [InlineData("leader-epoch-checkpoint")]
    [InlineData("log-checkpoint")]
    public async Task What_a_log_remembers_beside_its_batches_is_found_again_whichever_byte_changes(string file)
    {
        await FillAsync();
        for (int at = 0; at < new FileInfo(Path.Combine(Stopped, file)).Length; at++)
        {
            string copy = Copy();
            Flip(Path.Combine(copy, file), at);
            await using (PartitionLog log = TestLog.Open(copy))
            {
                Assert.Equal((0, Batches), (log.LogStartOffset, log.LogEndOffset));
                Assert.Equal(new LeaderEpochEnd(0, Batches), log.EndOfEpoch(0));
                Assert.Equal(0, log.EpochAt(Batches - 1));
                Assert.Equal(_batches, log.ReadAll(0, 700));
            }

            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task Whole_batches_behind_damage_that_a_crash_leaves_are_kept_beside_the_log()
    {
        string crashed;
        await using (PartitionLog log = Filling())
        {
            crashed = Copy(); // Nothing of it is known to be on disk, but for the closed segments.
        }

        string last = SegmentsOf(crashed).Last();
        byte[] damaged = Flip(last, RecordBatch.HeaderSize + 3);
        await using PartitionLog reopened = TestLog.Open(crashed);
        int cut = _batches.Count - (int)reopened.LogEndOffset;
        Assert.InRange(cut, 2, Batches);
        Assert.Equal(_batches[..^cut], reopened.ReadAll(0, 700));
        string kept = Assert.Single(Directory.GetFiles(crashed, "*.lost-*"));
        Assert.Equal($"{last}.lost-0", kept);
        Assert.Equal(damaged, await File.ReadAllBytesAsync(kept));
    }

    [Fact]
    public async Task Segments_behind_damage_that_a_crash_leaves_are_kept_beside_the_log()
    {
        await FillAsync();
        string[] segments = [.. SegmentsOf(Stopped)];
        File.Delete(Path.Combine(Stopped, "log-checkpoint"));
        Flip(segments[1], RecordBatch.HeaderSize + 3);
        byte[][] after = [.. segments.Skip(2).Select(File.ReadAllBytes)];
        await using PartitionLog reopened = TestLog.Open(Stopped);
        Assert.Equal(_batches[..(int)reopened.LogEndOffset], reopened.ReadAll(0, 700));
        Assert.Equal(after, segments.Skip(2).Select(segment => File.ReadAllBytes($"{segment}.lost-0")));
    }

    [Fact]
    public async Task A_torn_write_is_cut_without_a_copy()
    {
        string crashed;
        await using (PartitionLog log = Filling())
        {
            crashed = Copy();
        }

        await using (FileStream last = File.OpenWrite(SegmentsOf(crashed).Last()))
        {
            last.SetLength(last.Length - 1);
        }

        await using PartitionLog reopened = TestLog.Open(crashed);
        Assert.Equal(Batches - 1, reopened.LogEndOffset);
        Assert.Empty(Directory.GetFiles(crashed, "*.lost-*"));
    }

    [Fact]
    public async Task Compaction_leaves_a_log_with_a_damaged_batch_as_it_is()
    {
        await FillAsync();
        LogOptions options = TestLog.Small with { Compaction = new CompactionOptions { MinDirtyRatio = 0 } };
        string second = SegmentsOf(Stopped).ElementAt(1);
        byte[] damaged = Flip(second, RecordBatch.HeaderSize + 3);
        await using PartitionLog log = TestLog.Open(Stopped, options);
        LogCorruptException damage = Assert.Throws<LogCorruptException>(
            () => log.Compact(CompactionGuard.None, new CompactionLimits(), DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken));
        Assert.Equal((second, 0), (damage.File, damage.Position));
        Assert.Equal(damaged, await File.ReadAllBytesAsync(second));
        LogFolder.AssertTidy(Stopped);
    }

    private async Task FillAsync()
    {
        await using PartitionLog log = Filling();
    }

    private PartitionLog Filling()
    {
        PartitionLog log = TestLog.Open(Stopped);
        for (int number = 0; number < Batches; number++)
        {
            _batches.Add(log.Append(100, 1000 + number));
        }

        return log;
    }

    /// <summary>What a crash leaves. A file that is being replaced just now, by a log at work, may go before it is copied, as by a crash.</summary>
    private string Copy()
    {
        string copy = Path.Combine(_folder.Path, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.EnumerateFiles(Stopped).Where(file => Path.GetExtension(file) != ".tmp"))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return copy;
    }

    private static byte[] Flip(string file, int at)
    {
        byte[] bytes = File.ReadAllBytes(file);
        bytes[at] ^= 0x10;
        File.WriteAllBytes(file, bytes);
        return bytes;
    }

    private static IEnumerable<string> SegmentsOf(string folder) => Directory.EnumerateFiles(folder, "*.log").Order(StringComparer.Ordinal);
}
