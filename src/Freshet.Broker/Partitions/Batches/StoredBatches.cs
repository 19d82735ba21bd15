using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log;

namespace Freshet.Broker.Partitions.Batches;

/// <summary>Reads a partition from its first batch to its last, for topics in which the broker keeps its own state.</summary>
internal static class StoredBatches
{
    private const int ReadSize = 1024 * 1024;

    /// <summary>
    /// The batches, oldest first; each is only valid until the next is taken. Damaged ones are passed over: without them the broker
    /// serves with older notes, with them it would serve with wrong ones.
    /// </summary>
    /// <param name="damaged">Told from where to before which offset.</param>
    public static IEnumerable<ReadOnlyMemory<byte>> Of(Partition partition, Action<Partition, long, long> damaged)
    {
        byte[] buffer = [];
        long at = partition.LogStartOffset;
        while (at < partition.LogEndOffset)
        {
            int length = TryRead(partition, at, ref buffer);
            ReadOnlyMemory<byte> rest = buffer.AsMemory(0, length);
            while (TryTake(ref rest, at, out ReadOnlyMemory<byte> batch, out long next))
            {
                if (RecordBatch.Check(batch.Span) == RecordBatchFault.None)
                {
                    yield return batch;
                }
                else
                {
                    damaged(partition, at, next);
                }

                at = next;
            }

            if (length == 0 || rest.Length > 0)
            {
                // Nobody knows where the next batch begins, but for the first of the next segment.
                long next = partition.NextSegmentAfter(at);
                damaged(partition, at, next);
                at = next;
            }
        }
    }

    /// <summary>Reads whole batches from an offset on, and says how many bytes; 0 when they cannot be found.</summary>
    private static int TryRead(Partition partition, long offset, ref byte[] buffer)
    {
        try
        {
            LogSlice slice = partition.Slice(offset, ReadSize);
            buffer = buffer.Length < slice.Length ? new byte[slice.Length] : buffer;
            slice.Read(0, buffer.AsSpan(0, slice.Length));
            return slice.Length;
        }
        catch (LogCorruptException)
        {
            return 0;
        }
    }

    /// <summary>Takes the next batch; false at the end, and where none can begin.</summary>
    private static bool TryTake(ref ReadOnlyMemory<byte> rest, long offset, out ReadOnlyMemory<byte> bytes, out long next)
    {
        ReadOnlySpan<byte> span = rest.Span;
        if (!RecordBatch.TryTake(ref span, out RecordBatch batch) || batch.LastOffsetDelta < 0 || batch.LastOffset < offset)
        {
            bytes = default;
            next = offset;
            return false;
        }

        bytes = rest[..batch.Size];
        rest = rest[batch.Size..];
        next = batch.LastOffset + 1;
        return true;
    }
}
