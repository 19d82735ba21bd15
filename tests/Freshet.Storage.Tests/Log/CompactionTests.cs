using CsCheck;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log;
using Freshet.Storage.Log.Compaction;
using Freshet.Storage.Log.Segments;
using Freshet.Storage.Records;
using Freshet.Tests.Support;
using Record = Freshet.Protocol.Kafka.Records.Record;

namespace Freshet.Storage.Tests.Log;

/// <summary>What compaction keeps, against a model.</summary>
public class CompactionTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_000_000);

    private static readonly LogOptions Options = TestLog.Small with { SegmentBytes = 500, Compaction = new CompactionOptions { MinDirtyRatio = 0 } };

    private static readonly Gen<Stored[][]> Batches = Gen.Select(Gen.Int[0, 7], Gen.Int[-1, 60], (key, size) => new Stored(0, $"k{key}", size < 0 ? null : new string((char)('a' + (size % 26)), size)))
        .Array[1, 6].Array[1, 40];

    [Fact]
    public Task The_log_keeps_the_newest_record_of_each_key_and_all_that_is_not_compacted_yet() =>
        Gen.Select(Batches, Batches, Gen.Enum<Compression>(), Gen.Int[1, 2000]).SampleAsync(async (first, second, codec, mapBytes) =>
        {
            using var folder = new TemporaryFolder();
            var model = new List<Stored>();
            foreach (Stored[][] batches in (Stored[][][])[first, second])
            {
                await AppendAsync(folder.Path, batches, codec, model);
                await using PartitionLog log = TestLog.Open(folder.Path, Options);
                long dirty = log.LogEndOffset;
                log.Compact(CompactionGuard.None, new CompactionLimits { MapBytes = mapBytes }, Now, TestContext.Current.CancellationToken);
                AssertFits(model, Read(log), log);
                Assert.Equal(dirty, log.LogEndOffset);
            }

            await using PartitionLog reopened = TestLog.Open(folder.Path, Options);
            AssertFits(model, Read(reopened), reopened);
        }, iter: 12, threads: 1);

    [Fact]
    public Task Runs_with_a_small_map_end_where_one_run_with_a_large_map_does() => Batches.SampleAsync(async batches =>
    {
        using var small = new TemporaryFolder();
        using var large = new TemporaryFolder();
        await AppendAsync(small.Path, batches, Compression.None, []);
        await AppendAsync(large.Path, batches, Compression.None, []);
        await using PartitionLog smallLog = TestLog.Open(small.Path, Options);
        await using PartitionLog largeLog = TestLog.Open(large.Path, Options);
        for (int runs = 0; smallLog.NeedsCompaction(long.MaxValue, Now).IsDue; runs++)
        {
            Assert.True(runs < 1000, "every run gets further");
            smallLog.Compact(CompactionGuard.None, new CompactionLimits { MapBytes = 100 }, Now, TestContext.Current.CancellationToken);
        }

        largeLog.Compact(CompactionGuard.None, new CompactionLimits(), Now, TestContext.Current.CancellationToken);
        Assert.Equal(Read(largeLog), Read(smallLog));
    }, iter: 8, threads: 1);

    [Fact]
    public async Task Readers_pass_over_batches_without_records_unless_there_is_nothing_else()
    {
        using var folder = new TemporaryFolder();
        // So small that each batch has a segment of its own, which an empty batch cannot share either.
        LogOptions tiny = Options with { SegmentBytes = 100 };
        await using (PartitionLog log = TestLog.Open(folder.Path, tiny))
        {
            for (int number = 0; number < 20; number++)
            {
                var batch = new RecordBatchBuilder(0);
                batch.Add("same"u8, "value"u8);
                log.Append(batch.Build(log.LogEndOffset, leaderEpoch: 0));
            }

            await log.FlushAsync(TestContext.Current.CancellationToken);
        }

        await using PartitionLog compacted = TestLog.Open(folder.Path, tiny);
        compacted.Compact(CompactionGuard.None, new CompactionLimits(), Now, TestContext.Current.CancellationToken);
        Assert.Equal(RecordBatch.HeaderSize, compacted.Slice(3, 10_000).Length);
        Assert.Equal(18, new RecordBatch(compacted.Slice(3, 10_000, skipEmpty: true).Bytes()).BaseOffset);
        Assert.Equal(3, new RecordBatch(compacted.Slice(3, 10_000, before: 5, skipEmpty: true).Bytes()).BaseOffset);
    }

    [Fact]
    public async Task A_tombstone_stays_until_its_horizon_and_then_goes()
    {
        using var folder = new TemporaryFolder();
        var model = new List<Stored>();
        await AppendAsync(folder.Path, [[new Stored(0, "gone", "v")], [new Stored(0, "gone", null)], .. Filler()], Compression.None, model);
        await using (PartitionLog log = TestLog.Open(folder.Path, Options))
        {
            log.Compact(CompactionGuard.None, new CompactionLimits(), Now, TestContext.Current.CancellationToken);
            Stored tombstone = Assert.Single(Read(log), record => record.Key == "gone");
            Assert.Equal((1, null), (tombstone.Offset, tombstone.Value));
        }

        await AppendAsync(folder.Path, Filler(), Compression.None, model);
        await using (PartitionLog log = TestLog.Open(folder.Path, Options))
        {
            log.Compact(CompactionGuard.None, new CompactionLimits(), Now.AddHours(23), TestContext.Current.CancellationToken);
            Assert.Single(Read(log), record => record.Key == "gone");
        }

        await AppendAsync(folder.Path, Filler(), Compression.None, model);
        await using (PartitionLog log = TestLog.Open(folder.Path, Options))
        {
            log.Compact(CompactionGuard.None, new CompactionLimits(), Now.AddHours(25), TestContext.Current.CancellationToken);
            Assert.DoesNotContain(Read(log), record => record.Key == "gone");
        }
    }

    [Fact]
    public async Task Nothing_from_the_last_stable_offset_on_and_nothing_young_is_touched()
    {
        using var folder = new TemporaryFolder();
        await AppendAsync(folder.Path, Filler(), Compression.None, []);
        await using PartitionLog log = TestLog.Open(folder.Path, Options);
        Assert.True(log.NeedsCompaction(long.MaxValue, Now).IsDue);
        Assert.False(log.NeedsCompaction(1, Now).IsDue);
        log.Options = Options with { Compaction = Options.Compaction! with { MinLag = TimeSpan.FromDays(1) } };
        Assert.False(log.NeedsCompaction(long.MaxValue, Now).IsDue);
        log.Options = Options with { Compaction = Options.Compaction! with { MinDirtyRatio = 1 } };
        Assert.False(log.NeedsCompaction(long.MaxValue, Now).IsDue);
        log.Options = Options with { Compaction = Options.Compaction! with { MinDirtyRatio = 1, MaxLag = TimeSpan.FromMilliseconds(1) } };
        Assert.True(log.NeedsCompaction(long.MaxValue, Now.AddDays(1)).IsDue);
    }

    [Fact]
    public async Task Aborted_records_go_and_so_do_markers_without_records_in_the_end()
    {
        using var folder = new TemporaryFolder();
        await using (PartitionLog log = TestLog.Open(folder.Path, Options))
        {
            Append(log, Transactional(7).Add("a"u8, "committed"u8));
            log.Append(Stamped(log, new ControlRecord(IsCommit: true, 0).ToBatch(7, 0, 1000)));
            Append(log, Transactional(8).Add("a"u8, "aborted"u8));
            log.Append(Stamped(log, new ControlRecord(IsCommit: false, 0).ToBatch(8, 0, 1000)));
            Append(log, Transactional(8).Add("b"u8, "committed"u8));
            log.Append(Stamped(log, new ControlRecord(IsCommit: true, 0).ToBatch(8, 0, 1000)));
        }

        await AppendAsync(folder.Path, Filler(), Compression.None, []);
        var guard = new CompactionGuard(long.MaxValue, [new AbortedTransaction(8, 2, 3, 4)], new HashSet<long>(), new Dictionary<long, short>());
        await using (PartitionLog log = TestLog.Open(folder.Path, Options))
        {
            log.Compact(guard, new CompactionLimits(), Now, TestContext.Current.CancellationToken);
            Assert.Equal([(0, "committed"), (4, "committed")], Read(log).Where(record => record.Key is "a" or "b").Select(record => (record.Offset, record.Value)));
            Assert.Equal([1, 3, 5], Markers(log));
        }

        await AppendAsync(folder.Path, Filler(), Compression.None, []);
        await using (PartitionLog log = TestLog.Open(folder.Path, Options))
        {
            log.Compact(guard, new CompactionLimits(), Now.AddDays(2), TestContext.Current.CancellationToken);
            Assert.Equal([1, 5], Markers(log));
        }
    }

    [Fact]
    public async Task A_batch_with_the_last_sequence_of_a_living_producer_stays_empty()
    {
        using var folder = new TemporaryFolder();
        await AppendAsync(folder.Path, [[new Stored(0, "k", "1")], [new Stored(0, "k", "2")], [new Stored(0, "k", "3")], .. Filler()], Compression.Lz4, []);
        await using PartitionLog log = TestLog.Open(folder.Path, Options);
        log.Compact(CompactionGuard.None with { KeptBatches = new HashSet<long> { 1 } }, new CompactionLimits(), Now, TestContext.Current.CancellationToken);
        Assert.Equal([1, 2], log.HeadersFrom(0).Select(header => header.BaseOffset).Where(offset => offset < 3));
        Assert.Equal([(2L, "3")], Read(log).Where(record => record.Key == "k").Select(record => (record.Offset, record.Value)));
    }

    [Theory]
    [InlineData("log-checkpoint")]
    [InlineData("*.index")]
    [InlineData("*.timeindex")]
    public async Task A_compacted_log_opens_the_same_when_files_beside_it_are_lost(string lost)
    {
        using var folder = new TemporaryFolder();
        await AppendAsync(folder.Path, [[new Stored(0, "k", "1")], .. Filler(), [new Stored(0, "k", "2")], .. Filler()], Compression.Gzip, []);
        List<Stored> left;
        await using (PartitionLog log = TestLog.Open(folder.Path, Options))
        {
            log.Compact(CompactionGuard.None, new CompactionLimits(), Now, TestContext.Current.CancellationToken);
            left = Read(log);
        }

        foreach (string file in Directory.GetFiles(folder.Path, lost))
        {
            File.Delete(file);
        }

        await using PartitionLog reopened = TestLog.Open(folder.Path, Options);
        Assert.Equal(42, reopened.LogEndOffset);
        Assert.Equal(left, Read(reopened));
    }

    [Fact]
    public async Task A_slice_found_before_stays_readable()
    {
        using var folder = new TemporaryFolder();
        await AppendAsync(folder.Path, Filler(), Compression.None, []);
        await using PartitionLog log = TestLog.Open(folder.Path, Options);
        LogSlice slice = log.Slice(0, 100_000);
        LogSegment first = log.Segments[0];
        log.Compact(CompactionGuard.None, new CompactionLimits(), Now, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(first, log.Segments);
        Assert.Equal(0, new RecordBatch(slice.Bytes()).BaseOffset);
    }

    /// <summary>Batches of one key each, enough to close segments.</summary>
    internal static Stored[][] Filler() => [.. Enumerable.Range(0, 20).Select(_ => new[] { new Stored(0, "filler", new string('f', 100)) })];

    internal static async Task AppendAsync(string folder, Stored[][] batches, Compression codec, List<Stored> model)
    {
        await using PartitionLog log = TestLog.Open(folder, Options);
        foreach (Stored[] batch in batches)
        {
            var builder = new RecordBatchBuilder(0);
            foreach (Stored record in batch)
            {
                long offset = log.LogEndOffset + builder.Count;
                model.Add(record with { Offset = offset });
                byte[] key = System.Text.Encoding.UTF8.GetBytes(record.Key);
                _ = record.Value is null ? builder.AddTombstone(key, 1000 + offset) : builder.Add(key, System.Text.Encoding.UTF8.GetBytes(record.Value), 1000 + offset);
            }

            byte[] plain = builder.Build(log.LogEndOffset, leaderEpoch: 0);
            log.Append(BatchCoding.Recompress(new RecordBatch(plain), codec, int.MaxValue));
        }
    }

    /// <summary>All data records of a log, decompressed; checks that each batch is intact.</summary>
    internal static List<Stored> Read(PartitionLog log)
    {
        var read = new List<Stored>();
        foreach (byte[] bytes in log.ReadAll(log.LogStartOffset, 10_000))
        {
            var batch = new RecordBatch(bytes);
            using DecompressedRecords records = RecordCodec.Decompress(batch, int.MaxValue);
            foreach (Record record in batch.RecordsIn(records.Span))
            {
                if (!batch.Attributes.IsControl)
                {
                    Assert.True(batch.Attributes.IsTransactional || record.Timestamp == 1000 + record.Offset, "times stay");
                    read.Add(new Stored(record.Offset, System.Text.Encoding.UTF8.GetString(record.Key), record.IsValueNull ? null : System.Text.Encoding.UTF8.GetString(record.Value)));
                }
            }
        }

        return read;
    }

    /// <summary>Holds what is left against what was written.</summary>
    internal static void AssertFits(List<Stored> model, List<Stored> left, PartitionLog log)
    {
        Dictionary<long, Stored> written = model.ToDictionary(record => record.Offset);
        Assert.All(left, record => Assert.Equal(written[record.Offset], record));
        Assert.Equal(left.Select(record => record.Offset).Order(), left.Select(record => record.Offset));
        HashSet<long> offsets = [.. left.Select(record => record.Offset)];
        long compacted = log.FirstDirtyOffset;
        Assert.All(model.GroupBy(record => record.Key), key => Assert.Contains(key.Max(record => record.Offset), offsets));
        Assert.All(model.Where(record => record.Offset >= compacted), record => Assert.Contains(record.Offset, offsets));
        Assert.All(
            left.Where(record => record.Offset < compacted).GroupBy(record => record.Key),
            key => Assert.True(key.Count() == 1, $"{key.Key} is there {key.Count()} times below {compacted}"));
    }

    private static RecordBatchBuilder Transactional(long producerId) =>
        new(1000) { ProducerId = producerId, ProducerEpoch = 0, BaseSequence = 0, Attributes = RecordBatchAttributes.Transactional };

    private static void Append(PartitionLog log, RecordBatchBuilder batch) => log.Append(batch.Build(log.LogEndOffset, 0));

    private static byte[] Stamped(PartitionLog log, byte[] batch)
    {
        RecordBatchStamp.Offset(batch, log.LogEndOffset, 0);
        return batch;
    }

    private static IEnumerable<long> Markers(PartitionLog log) => log.HeadersFrom(0).Where(header => header.Attributes.IsControl).Select(header => header.BaseOffset);

    internal sealed record Stored(long Offset, string Key, string? Value);
}
