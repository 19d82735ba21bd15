using Freshet.Protocol.Kafka.Records;

namespace Freshet.Broker.InProcess;

/// <summary>Puts records into batches of the size that clients send, so that a fixture may be larger than what a topic takes at once.</summary>
internal static class RecordBatching
{
    /// <summary>Batch size of Kafka's Java client (batch.size); a larger record is a batch of its own.</summary>
    private const int Fill = 16 * 1024;

    /// <param name="now">Time of records that bring no own.</param>
    public static IEnumerable<byte[]> Batches(IEnumerable<NewRecord> records, DateTimeOffset now)
    {
        RecordBatchBuilder batch = Begin(now);
        foreach (NewRecord record in records)
        {
            if (batch.Count > 0 && batch.Size + SizeOf(record) > Fill)
            {
                yield return batch.Build();
                batch = Begin(now);
            }

            batch.AddWithHeaders(record.Key, record.Value, record.Headers, record.Timestamp?.ToUnixTimeMilliseconds());
        }

        if (batch.Count > 0)
        {
            yield return batch.Build();
        }
    }

    private static RecordBatchBuilder Begin(DateTimeOffset now) => new(now.ToUnixTimeMilliseconds());

    private static int SizeOf(NewRecord record) => record.Key.GetValueOrDefault().Length + record.Value.GetValueOrDefault().Length;
}
