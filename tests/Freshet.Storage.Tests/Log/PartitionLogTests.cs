using CsCheck;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log;
using Freshet.Tests.Support;

namespace Freshet.Storage.Tests.Log;

public class PartitionLogTests
{
    private static readonly Gen<(int ValueSize, long[] Timestamps)[]> Batches =
        Gen.Select(Gen.Int[0, 400], Gen.Long[0, 1000].Array[1, 5]).Array[1, 60];

    [Fact]
    public Task Every_read_equals_a_list_of_batches_before_and_after_a_restart() =>
        Gen.Select(Batches, Gen.Int[0, 3000]).SampleAsync(async (appended, maxBytes) =>
        {
            using var folder = new TemporaryFolder();
            var model = new List<byte[]>();
            await using (PartitionLog log = TestLog.Open(folder.Path))
            {
                foreach ((int valueSize, long[] timestamps) in appended)
                {
                    model.Add(log.Append(valueSize, timestamps));
                }

                AssertEqualsModel(log, model, maxBytes);
            }

            await using PartitionLog reopened = TestLog.Open(folder.Path);
            AssertEqualsModel(reopened, model, maxBytes);
        }, iter: 40, threads: 1);

    [Fact]
    public Task Times_lead_to_the_first_record_not_before_them() => Gen.Select(Batches, Gen.Long[0, 1100]).SampleAsync(async (appended, timestamp) =>
    {
        using var folder = new TemporaryFolder();
        await using PartitionLog log = TestLog.Open(folder.Path);
        var times = new List<long>();
        foreach ((int valueSize, long[] timestamps) in appended)
        {
            log.Append(valueSize, timestamps);
            times.AddRange(timestamps);
        }

        int expected = times.FindIndex(time => time >= timestamp);
        Assert.Equal(expected < 0 ? null : new TimestampOffset(times[expected], expected), log.FirstNotBefore(timestamp));
        Assert.Equal(new TimestampOffset(times.Max(), times.IndexOf(times.Max())), log.WithLargestTimestamp());
    }, iter: 60, threads: 1);

    [Fact]
    public async Task A_slice_begins_with_the_batch_that_holds_the_offset_and_never_cuts_one()
    {
        using var folder = new TemporaryFolder();
        await using PartitionLog log = TestLog.Open(folder.Path);
        byte[] first = log.Append(10, 1, 2, 3);
        byte[] second = log.Append(10, 4, 5);
        Assert.Equal(first, log.Slice(2, first.Length + second.Length - 1).Bytes());
        Assert.Equal([.. first, .. second], log.Slice(0, first.Length + second.Length).Bytes());
        Assert.Equal(second, log.Slice(4, 1).Bytes());
        Assert.Equal(0, log.Slice(4, 1, atLeastOneBatch: false).Length);
        Assert.Equal(0, log.Slice(5, 1000).Length);
    }

    [Fact]
    public async Task An_append_with_another_offset_than_the_next_is_refused()
    {
        using var folder = new TemporaryFolder();
        await using PartitionLog log = TestLog.Open(folder.Path);
        log.Append(1, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => log.Append(new RecordBatchBuilder(0).AddValue("x"u8).Build(baseOffset: 5)));
        Assert.Equal(1, log.LogEndOffset);
    }

    [Fact]
    public async Task Retention_by_size_drops_the_oldest_segments_and_moves_the_start()
    {
        using var folder = new TemporaryFolder();
        await using PartitionLog log = TestLog.Open(folder.Path, TestLog.Small with { RetentionBytes = 3000 });
        for (int number = 0; number < 40; number++)
        {
            log.Append(300, number);
        }

        Assert.True(log.ApplyRetention(DateTimeOffset.UnixEpoch) > 0);
        Assert.InRange(log.Size, 3000, 5000);
        Assert.Equal(log.LogStartOffset, new RecordBatch(log.Slice(log.LogStartOffset, 1).Bytes()).BaseOffset);
        Assert.Equal(40, log.LogEndOffset);
    }

    [Fact]
    public async Task Retention_by_age_empties_a_log_whose_records_are_all_too_old_and_keeps_its_offsets()
    {
        using var folder = new TemporaryFolder();
        LogOptions options = TestLog.Small with { RetentionAge = TimeSpan.FromSeconds(1) };
        await using (PartitionLog log = TestLog.Open(folder.Path, options))
        {
            log.Append(300, 1000, 2000);
            log.ApplyRetention(DateTimeOffset.FromUnixTimeMilliseconds(3000));
            Assert.Equal(0, log.LogStartOffset);
            log.ApplyRetention(DateTimeOffset.FromUnixTimeMilliseconds(3001));
            Assert.Equal((2, 2), (log.LogStartOffset, log.LogEndOffset));
        }

        await using PartitionLog reopened = TestLog.Open(folder.Path, options);
        Assert.Equal((2, 2), (reopened.LogStartOffset, reopened.LogEndOffset));
    }

    [Fact]
    public async Task Appends_that_wait_for_the_disk_all_return()
    {
        using var folder = new TemporaryFolder();
        await using PartitionLog log = TestLog.Open(folder.Path, TestLog.Small with { FlushBatches = 1, SegmentBytes = 100_000 });
        var gate = new Lock();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => Task.Run(async () =>
        {
            lock (gate)
            {
                log.Append(10, number);
            }

            await log.FlushIfDueAsync(log.LogEndOffset, TestContext.Current.CancellationToken);
        })));
        Assert.Equal(50, log.LogEndOffset);
    }

    private static void AssertEqualsModel(PartitionLog log, List<byte[]> model, int maxBytes)
    {
        Assert.Equal(model, log.ReadAll(0, maxBytes));
        Assert.Equal(model.Sum(batch => (long)batch.Length), log.Size);
        foreach (byte[] bytes in model)
        {
            var batch = new RecordBatch(bytes);
            Assert.Equal(batch.BaseOffset, new RecordBatch(log.Slice(batch.LastOffset, 0).Bytes()).BaseOffset);
        }

        Assert.Equal(model.Select(bytes => new RecordBatch(bytes).LastOffset), log.HeadersFrom(0).Select(header => header.LastOffset));
    }
}
