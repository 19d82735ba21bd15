using Freshet.Storage.Log;
using Freshet.Tests.Support;

namespace Freshet.Storage.Tests.Log;

public class LogRecoveryTests
{
    [Fact]
    public async Task A_tail_torn_at_any_byte_costs_the_torn_batch_only()
    {
        using var folder = new TemporaryFolder();
        var batches = new List<byte[]>();
        string crashed = Path.Combine(folder.Path, "crashed");
        await using (PartitionLog log = TestLog.Open(crashed))
        {
            for (int number = 0; number < 12; number++)
            {
                batches.Add(log.Append(100, number, number));
            }

            string active = SegmentFilesOf(crashed).Last();
            byte[] whole = await File.ReadAllBytesAsync(active);
            int lastTwo = batches[^1].Length + batches[^2].Length;
            for (int cut = whole.Length - lastTwo; cut <= whole.Length; cut++)
            {
                string copy = CopyWithLast(crashed, folder.Path, whole.AsSpan(0, cut));
                int survived = batches.Count - (cut == whole.Length ? 0 : cut >= whole.Length - batches[^1].Length ? 1 : 2);
                await AssertHoldsAsync(copy, batches[..survived]);
            }
        }
    }

    [Fact]
    public async Task A_tail_with_a_flipped_bit_in_any_byte_is_cut_before_it()
    {
        using var folder = new TemporaryFolder();
        var batches = new List<byte[]>();
        string crashed = Path.Combine(folder.Path, "crashed");
        await using (PartitionLog log = TestLog.Open(crashed))
        {
            for (int number = 0; number < 6; number++)
            {
                batches.Add(log.Append(20, number));
            }

            byte[] whole = await File.ReadAllBytesAsync(SegmentFilesOf(crashed).Last());
            for (int at = whole.Length - batches[^1].Length; at < whole.Length; at++)
            {
                // The leader epoch lies outside the checksum.
                if (at - (whole.Length - batches[^1].Length) is >= 12 and < 16)
                {
                    continue;
                }

                byte[] damaged = [.. whole];
                damaged[at] ^= 0x10;
                await AssertHoldsAsync(CopyWithLast(crashed, folder.Path, damaged), batches[..^1]);
            }
        }
    }

    [Fact]
    public async Task Lost_indexes_are_built_again()
    {
        using var folder = new TemporaryFolder();
        var batches = new List<byte[]>();
        await using (PartitionLog log = TestLog.Open(folder.Path))
        {
            for (int number = 0; number < 40; number++)
            {
                batches.Add(log.Append(100, number));
            }
        }

        byte[][] before = [.. IndexesOf(folder.Path).Select(File.ReadAllBytes)];
        foreach (string index in IndexesOf(folder.Path))
        {
            File.Delete(index);
        }

        await AssertHoldsAsync(folder.Path, batches);
        Assert.Equal(before, IndexesOf(folder.Path).Select(File.ReadAllBytes));
    }

    [Fact]
    public async Task A_restart_after_a_crash_rebuilds_the_same_indexes()
    {
        using var folder = new TemporaryFolder();
        string running = Path.Combine(folder.Path, "running");
        string crashed = Path.Combine(folder.Path, "crashed");
        var batches = new List<byte[]>();
        await using (PartitionLog log = TestLog.Open(running))
        {
            for (int number = 0; number < 40; number++)
            {
                batches.Add(log.Append(100, number));
            }

            CopyFolder(running, crashed);
        }

        await AssertHoldsAsync(crashed, batches);
        Assert.Equal(IndexesOf(running).Select(File.ReadAllBytes), IndexesOf(crashed).Select(File.ReadAllBytes));
    }

    [Fact]
    public async Task Damage_in_a_closed_segment_names_file_and_position_and_leaves_the_rest_readable()
    {
        using var folder = new TemporaryFolder();
        await using (PartitionLog log = TestLog.Open(folder.Path))
        {
            for (int number = 0; number < 40; number++)
            {
                log.Append(100, number);
            }
        }

        string first = SegmentFilesOf(folder.Path).First();
        byte[] bytes = await File.ReadAllBytesAsync(first);
        int second = BitConverter.IsLittleEndian ? 12 + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(8)) : 0;
        bytes[second + 16] = 99;
        await File.WriteAllBytesAsync(first, bytes);

        await using PartitionLog reopened = TestLog.Open(folder.Path);
        LogCorruptException damage = Assert.Throws<LogCorruptException>(() => reopened.Slice(1, 1000));
        Assert.Equal((first, second), (damage.File, damage.Position));
        Assert.Contains(first, damage.Message, StringComparison.Ordinal);
        Assert.NotEqual(0, reopened.Slice(39, 1000).Length);
    }

    [Fact]
    public async Task A_log_that_lost_what_was_safely_on_disk_does_not_open()
    {
        using var folder = new TemporaryFolder();
        await using (PartitionLog log = TestLog.Open(folder.Path))
        {
            log.Append(100, 1);
            log.Append(100, 2);
        }

        string only = SegmentFilesOf(folder.Path).Single();
        await using (FileStream file = File.OpenWrite(only))
        {
            file.SetLength(file.Length - 1);
        }

        Assert.Throws<LogCorruptException>(() => TestLog.Open(folder.Path));
    }

    [Fact]
    public async Task Appending_goes_on_after_a_recovery()
    {
        using var folder = new TemporaryFolder();
        string running = Path.Combine(folder.Path, "running");
        string crashed = Path.Combine(folder.Path, "crashed");
        var batches = new List<byte[]>();
        await using (PartitionLog log = TestLog.Open(running))
        {
            batches.Add(log.Append(100, 1, 2));
            CopyFolder(running, crashed);
        }

        for (int restart = 0; restart < 5; restart++)
        {
            await using PartitionLog log = TestLog.Open(crashed);
            batches.Add(log.Append(100 * restart, restart));
        }

        await AssertHoldsAsync(crashed, batches);
    }

    private static async Task AssertHoldsAsync(string folder, List<byte[]> batches)
    {
        await using PartitionLog log = TestLog.Open(folder);
        Assert.Equal(batches, log.ReadAll(0, 700));
    }

    private static IEnumerable<string> SegmentFilesOf(string folder) => Directory.EnumerateFiles(folder, "*.log").Order(StringComparer.Ordinal);

    private static IEnumerable<string> IndexesOf(string folder) => Directory.EnumerateFiles(folder, "*index").Order(StringComparer.Ordinal);

    private static string CopyWithLast(string folder, string parent, ReadOnlySpan<byte> lastSegment)
    {
        string copy = Path.Combine(parent, Guid.NewGuid().ToString("N"));
        CopyFolder(folder, copy);
        File.WriteAllBytes(SegmentFilesOf(copy).Last(), lastSegment);
        return copy;
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
