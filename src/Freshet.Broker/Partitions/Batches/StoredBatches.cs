using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log;

namespace Freshet.Broker.Partitions.Batches;

/// <summary>Reads a partition from its first batch to its last, for topics in which the broker keeps its own state.</summary>
internal static class StoredBatches
{
    private const int ReadSize = 1024 * 1024;

    /// <summary>The batches, oldest first; each is only valid until the next is taken.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Of(Partition partition)
    {
        byte[] buffer = [];
        long at = partition.LogStartOffset;
        while (at < partition.LogEndOffset)
        {
            LogSlice slice = partition.Slice(at, ReadSize);
            if (slice.Length == 0)
            {
                yield break;
            }

            buffer = buffer.Length < slice.Length ? new byte[slice.Length] : buffer;
            slice.Read(0, buffer.AsSpan(0, slice.Length));
            for (int from = 0; from < slice.Length;)
            {
                ReadOnlyMemory<byte> batch = Take(buffer.AsMemory(from, slice.Length - from), out at);
                from += batch.Length;
                yield return batch;
            }
        }
    }

    private static ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> batches, out long next)
    {
        var batch = new RecordBatch(batches.Span);
        next = batch.LastOffset + 1;
        return batches[..batch.Size];
    }
}
