using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Records;

namespace Freshet.Broker.Partitions.Batches;

/// <summary>
/// What the records of a producer's batch must be, compressed ones too: a batch that its readers cannot decompress would stop
/// every consumer of the partition (Kafka protocol, Produce).
/// </summary>
internal static class RecordRules
{
    /// <summary>Most records named in a refusal: one is enough to find the fault, and a batch may hold many thousands.</summary>
    private const int MaxBadRecords = 100;

    /// <summary>Blames the records of a batch, as many as are named.</summary>
    public static IReadOnlyList<int> FirstOf(RecordBatch batch) => [.. Enumerable.Range(0, Math.Min(batch.RecordCount, MaxBadRecords))];

    /// <param name="now">Milliseconds since 1970.</param>
    public static BatchVerdict Check(RecordBatch batch, PartitionOptions options, long now)
    {
        try
        {
            if (batch.Attributes.Compression == Compression.None)
            {
                return Check(batch, batch.Records, options, now);
            }

            using DecompressedRecords records = RecordCodec.Decompress(batch, options.Log.MaxDecompressedBytes);
            return Check(batch, batch.RecordsIn(records.Span), options, now);
        }
        catch (InvalidDataException exception)
        {
            return new BatchVerdict(ErrorCode.InvalidRecord, exception.Message);
        }
    }

    private static BatchVerdict Check(RecordBatch batch, RecordEnumerator records, PartitionOptions options, long now)
    {
        bool needsKey = options.Compacted && !batch.Attributes.IsControl;
        (long earliest, long latest) = options.TimestampsAllowed(now);
        List<int>? keyless = null;
        List<int>? untimely = null;
        long maxTimestamp = -1;
        int number = 0;
        while (records.MoveNext())
        {
            if (records.Offset != batch.BaseOffset + number)
            {
                return new BatchVerdict(ErrorCode.InvalidRecord, "The offsets of a batch's records must count up by one.");
            }

            if (needsKey && records.IsKeyNull)
            {
                Blame(ref keyless, number);
            }

            if ((records.Timestamp < earliest || records.Timestamp > latest) && records.Timestamp != -1)
            {
                Blame(ref untimely, number);
            }

            maxTimestamp = Math.Max(maxTimestamp, records.Timestamp);
            number++;
        }

        return keyless is not null ? new BatchVerdict(ErrorCode.InvalidRecord, "Every record of a compacted topic needs a key.", keyless)
            : untimely is not null ? new BatchVerdict(ErrorCode.InvalidTimestamp, $"The topic takes timestamps from {earliest} to {latest} (message.timestamp.before.max.ms, message.timestamp.after.max.ms).", untimely)
            : new BatchVerdict { MaxTimestamp = maxTimestamp };
    }

    private static void Blame(ref List<int>? bad, int number)
    {
        bad ??= [];
        if (bad.Count < MaxBadRecords)
        {
            bad.Add(number);
        }
    }
}
