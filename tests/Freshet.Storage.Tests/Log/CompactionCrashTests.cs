using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log;
using Freshet.Storage.Log.Compaction;
using Freshet.Tests.Support;

namespace Freshet.Storage.Tests.Log;

/// <summary>A crash at every step that compaction takes on the disk.</summary>
public class CompactionCrashTests
{
    private static readonly LogOptions Options = TestLog.Small with { SegmentBytes = 500, Compaction = new CompactionOptions { MinDirtyRatio = 0 } };

    [Fact]
    public async Task A_crash_at_any_file_operation_leaves_a_log_that_fits()
    {
        using var folder = new TemporaryFolder();
        string source = Path.Combine(folder.Path, "source");
        var model = new List<CompactionTests.Stored>();
        await CompactionTests.AppendAsync(
            source, [.. Enumerable.Range(0, 60).Select(number => new[] { new CompactionTests.Stored(0, $"k{number % 5}", new string('v', 90)) })], Compression.None, model);
        // A watcher of the folder would be late; instead the states between the steps are made from those before and after.
        string before = Path.Combine(folder.Path, "before");
        Copy(source, before);
        await using (PartitionLog log = TestLog.Open(source, Options))
        {
            log.Compact(CompactionGuard.None, new CompactionLimits(), DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
        }

        string[] compacted = [.. Directory.GetFiles(source, "*.log").Order(StringComparer.Ordinal).Where(file => !SameAs(file, before))];
        Assert.NotEmpty(compacted);
        int states = 0;
        foreach (string state in compacted.SelectMany(file => States(folder.Path, before, source, file)))
        {
            await using (PartitionLog log = TestLog.Open(state, Options))
            {
                List<CompactionTests.Stored> left = CompactionTests.Read(log);
                Assert.Equal(60, log.LogEndOffset);
                Dictionary<long, CompactionTests.Stored> written = model.ToDictionary(record => record.Offset);
                Assert.All(left, record => Assert.Equal(written[record.Offset], record));
                Assert.Equal(left.Select(record => record.Offset).Distinct().Order(), left.Select(record => record.Offset));
                Assert.All(model.GroupBy(record => record.Key), key => Assert.Contains(key.Max(record => record.Offset), left.Select(record => record.Offset)));
                AssertEachOffsetIsFound(log, left);
                log.Compact(CompactionGuard.None, new CompactionLimits(), DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
                CompactionTests.AssertFits(model, CompactionTests.Read(log), log);
            }

            LogFolder.AssertTidy(state);
            states++;
        }

        Assert.True(states > 20, $"{states} states");
    }

    /// <summary>A look-up goes by the index, which must be of this file and not of the one that was there before.</summary>
    private static void AssertEachOffsetIsFound(PartitionLog log, List<CompactionTests.Stored> left)
    {
        foreach (CompactionTests.Stored record in left)
        {
            ReadOnlySpan<byte> bytes = log.Slice(record.Offset, 1).Bytes();
            Assert.True(RecordBatch.TryTake(ref bytes, out RecordBatch batch) && batch.BaseOffset <= record.Offset && batch.LastOffset >= record.Offset);
        }
    }

    /// <summary>
    /// Folders as they stand while a compacted segment is written, byte by byte in steps, while it waits as .swap, after
    /// each deletion of an old file, and after each new file has its name.
    /// </summary>
    private static IEnumerable<string> States(string parent, string before, string after, string compacted)
    {
        byte[] bytes = File.ReadAllBytes(compacted);
        string name = Path.GetFileName(compacted);
        for (int length = 0; length <= bytes.Length; length += 97)
        {
            string state = Fresh(parent, before);
            File.WriteAllBytes(Path.Combine(state, name + ".cleaned"), bytes[..length]);
            yield return state;
        }

        string[] old = [.. OldFiles(before, after, bytes, name)];
        for (int deleted = 0; deleted <= old.Length; deleted++)
        {
            string state = Fresh(parent, before);
            File.WriteAllBytes(Path.Combine(state, name + ".swap"), bytes);
            File.WriteAllBytes(Path.Combine(state, Path.ChangeExtension(name, ".index.swap")), [1, 2, 3]);
            foreach (string file in old[..deleted])
            {
                File.Delete(Path.Combine(state, file));
            }

            if (deleted < old.Length)
            {
                yield return state;
                continue;
            }

            string named = Fresh(parent, state);
            File.Copy(Path.Combine(after, Path.ChangeExtension(name, ".index")), Path.Combine(named, Path.ChangeExtension(name, ".index")), overwrite: true);
            string last = Fresh(parent, named);
            File.Move(Path.Combine(last, name + ".swap"), Path.Combine(last, name));
            yield return state;
            yield return named;
            yield return last;
        }
    }

    /// <summary>Files of the segments that the compacted one stands for, in the order in which they are removed.</summary>
    private static IEnumerable<string> OldFiles(string before, string after, byte[] compacted, string name)
    {
        long end = 0;
        ReadOnlySpan<byte> rest = compacted;
        while (RecordBatch.TryTake(ref rest, out RecordBatch batch))
        {
            end = batch.LastOffset + 1;
        }

        return Directory.GetFiles(before, "*.log").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)
            .Where(file => string.CompareOrdinal(file, name) >= 0 && long.Parse(Path.GetFileNameWithoutExtension(file), System.Globalization.CultureInfo.InvariantCulture) < end)
            .SelectMany(file => new[] { file, Path.ChangeExtension(file, ".index"), Path.ChangeExtension(file, ".timeindex") });
    }

    private static bool SameAs(string file, string folder) =>
        File.Exists(Path.Combine(folder, Path.GetFileName(file))) && File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(folder, Path.GetFileName(file))));

    private static string Fresh(string parent, string from)
    {
        string folder = Path.Combine(parent, Guid.NewGuid().ToString("N"));
        Copy(from, folder);
        return folder;
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
