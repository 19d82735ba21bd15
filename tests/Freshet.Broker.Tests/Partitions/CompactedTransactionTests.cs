using System.Text;
using Freshet.Broker.Partitions;
using Freshet.Broker.Partitions.Batches;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log;
using Freshet.Storage.Log.Compaction;
using Freshet.Tests.Support;

namespace Freshet.Broker.Tests.Partitions;

/// <summary>Readers of committed records see the newest committed value of each key, however much compaction has taken already.</summary>
public class CompactedTransactionTests
{
    private const int Keys = 5;

    private static readonly PartitionOptions Options = TestPartitions.Options with
    {
        Compacted = true,
        Log = TestPartitions.Options.Log with
        {
            SegmentBytes = 600,
            RetentionAge = null,
            Compaction = new CompactionOptions { DeleteRetention = TimeSpan.Zero, MinDirtyRatio = 0 },
        },
    };

    [Fact]
    public async Task Compaction_takes_aborted_records_and_markers_and_no_committed_value()
    {
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        var chance = new Random(seed);
        using var folder = new TemporaryFolder();
        var committed = new SortedDictionary<string, string>();
        int[] sequences = new int[3];
        for (int start = 0; start < 4; start++)
        {
            if (start == 2)
            {
                Array.ForEach(Directory.GetFiles(Path.Combine(folder.Path, "t-0"), "*.producers"), File.Delete);
            }

            await using PartitionRegistry registry = TestPartitions.Open(folder.Path, Options);
            Partition partition = registry.GetOrCreate("t", 0, TestPartitions.TopicId, Options);
            for (int round = 0; round < 60; round++)
            {
                await WriteTransactionAsync(partition, chance, sequences, committed);
                if (round % 5 == 4)
                {
                    partition.Compact(new CompactionLimits(), CancellationToken.None);
                    Assert.Equal(committed, ReadCommitted(partition));
                }
            }

            Assert.True(partition.AbortedIn(0, long.MaxValue).Count < 60, "transactions that are gone are forgotten");
        }
    }

    private static async Task WriteTransactionAsync(Partition partition, Random chance, int[] sequences, SortedDictionary<string, string> committed)
    {
        int producer = chance.Next(sequences.Length);
        bool commit = chance.Next(2) == 0;
        for (int batches = chance.Next(1, 3); batches > 0; batches--)
        {
            string key = $"k{chance.Next(Keys)}";
            string value = $"{partition.HighWatermark}";
            AppendResult appended = partition.Append(new RecordBatchBuilder(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds())
            {
                ProducerId = producer,
                ProducerEpoch = 0,
                BaseSequence = sequences[producer]++,
                Attributes = RecordBatchAttributes.Transactional,
            }.Add(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value)).Build());
            Assert.Equal(ErrorCode.None, appended.Error);
            if (commit)
            {
                committed[key] = value;
            }
        }

        Assert.Equal(ErrorCode.None, (await partition.EndTransactionAsync(producer, 0, new ControlRecord(commit, 0), CancellationToken.None)).Error);
        Assert.Equal(partition.HighWatermark, partition.LastStableOffset);
    }

    /// <summary>What a client makes of the batches and the aborted transactions that it is told: the last value of each key.</summary>
    private static SortedDictionary<string, string> ReadCommitted(Partition partition)
    {
        var values = new SortedDictionary<string, string>();
        long at = partition.LogStartOffset;
        while (at < partition.LastStableOffset)
        {
            LogSlice slice = partition.Slice(at, 2000, before: partition.LastStableOffset);
            var ahead = new Queue<AbortedTransaction>(partition.AbortedIn(at, slice.FindEndOffset()).OrderBy(aborted => aborted.FirstOffset));
            byte[] bytes = new byte[slice.Length];
            slice.Read(0, bytes);
            at = ReadCommitted(bytes, ahead, values);
        }

        return values;
    }

    private static long ReadCommitted(ReadOnlySpan<byte> batches, Queue<AbortedTransaction> ahead, SortedDictionary<string, string> values)
    {
        var aborting = new HashSet<long>();
        long next = 0;
        while (RecordBatch.TryTake(ref batches, out RecordBatch batch))
        {
            next = batch.LastOffset + 1;
            while (ahead.TryPeek(out AbortedTransaction first) && first.FirstOffset <= batch.LastOffset)
            {
                aborting.Add(ahead.Dequeue().ProducerId);
            }

            if (batch.Attributes.IsControl)
            {
                if (ControlRecord.TryRead(batch, out ControlRecord marker) && !marker.IsCommit)
                {
                    aborting.Remove(batch.ProducerId);
                }
            }
            else if (!aborting.Contains(batch.ProducerId))
            {
                foreach (Freshet.Protocol.Kafka.Records.Record record in batch.Records)
                {
                    values[Encoding.UTF8.GetString(record.Key)] = Encoding.UTF8.GetString(record.Value);
                }
            }
        }

        return next;
    }
}
