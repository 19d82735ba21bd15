using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freshet.Storage.Tests.Log;

/// <summary>Small logs, and batches to put into them.</summary>
internal static class TestLog
{
    /// <summary>Segments and index entries so small that a few batches cross them.</summary>
    public static LogOptions Small { get; } = new() { SegmentBytes = 2000, IndexIntervalBytes = 150, ForceOnClose = false, RetentionAge = null };

    public static PartitionLog Open(string folder, LogOptions? options = null) => PartitionLog.Open(folder, options ?? Small, NullLogger.Instance);

    /// <summary>Appends a batch of records with these timestamps and returns its bytes.</summary>
    public static byte[] Append(this PartitionLog log, int valueSize, params long[] timestamps)
    {
        var builder = new RecordBatchBuilder(0);
        foreach (long timestamp in timestamps)
        {
            builder.AddValue(new byte[valueSize], timestamp);
        }

        byte[] batch = builder.Build(log.LogEndOffset, leaderEpoch: 0);
        log.Append(batch);
        return batch;
    }

    public static byte[] Bytes(this LogSlice slice)
    {
        byte[] bytes = new byte[slice.Length];
        slice.Read(0, bytes);
        return bytes;
    }

    /// <summary>All batches from an offset on, in reads of this size.</summary>
    public static List<byte[]> ReadAll(this PartitionLog log, long offset, int maxBytes)
    {
        var batches = new List<byte[]>();
        while (offset < log.LogEndOffset)
        {
            ReadOnlySpan<byte> rest = log.Slice(offset, maxBytes).Bytes();
            Assert.False(rest.IsEmpty);
            while (RecordBatch.TryTake(ref rest, out RecordBatch batch))
            {
                Assert.Equal(RecordBatchFault.None, RecordBatch.Check(batch.Bytes));
                batches.Add(batch.Bytes.ToArray());
                offset = batch.LastOffset + 1;
            }

            Assert.True(rest.IsEmpty, "a slice holds whole batches");
        }

        return batches;
    }
}
