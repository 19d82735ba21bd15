using Freshet.Broker.Partitions;
using Freshet.Broker.Partitions.Batches;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log;
using Freshet.Storage.Records;

namespace Freshet.Broker.InProcess;

/// <summary>Reads what a consumer that reads committed records only would get from a partition.</summary>
internal static class TopicReading
{
    public static List<TopicRecord> Read(Partition partition, long from = 0)
    {
        long end = partition.LastStableOffset;
        var records = new List<TopicRecord>();
        if (end <= Math.Max(from, partition.LogStartOffset))
        {
            return records;
        }

        IReadOnlyList<AbortedTransaction> aborted = partition.AbortedIn(partition.LogStartOffset, end);
        foreach (ReadOnlyMemory<byte> bytes in StoredBatches.Of(partition, Refuse))
        {
            var batch = new RecordBatch(bytes.Span);
            if (batch.BaseOffset >= end)
            {
                break;
            }

            if (batch.LastOffset >= from && !batch.Attributes.IsControl && !IsAborted(batch, aborted))
            {
                AddRecords(records, partition, batch, from);
            }
        }

        return records;
    }

    private static void Refuse(Partition partition, long from, long next) =>
        throw new InvalidDataException($"{partition.Topic}-{partition.Index} is damaged from offset {from} to before {next}.");

    private static bool IsAborted(RecordBatch batch, IReadOnlyList<AbortedTransaction> aborted)
    {
        long producer = batch.ProducerId;
        long offset = batch.BaseOffset;
        return batch.Attributes.IsTransactional
            && aborted.Any(transaction => transaction.ProducerId == producer && transaction.FirstOffset <= offset && offset <= transaction.LastOffset);
    }

    private static void AddRecords(List<TopicRecord> records, Partition partition, RecordBatch batch, long from)
    {
        using DecompressedRecords decompressed = RecordCodec.Decompress(batch, RecordCodec.DefaultMaxBytes);
        foreach (Record record in batch.RecordsIn(decompressed.Span))
        {
            if (record.Offset >= from && record.Offset >= partition.LogStartOffset)
            {
                records.Add(new TopicRecord(
                    partition.Topic, partition.Index, record.Offset,
                    DateTimeOffset.FromUnixTimeMilliseconds(batch.Attributes.IsLogAppendTime ? batch.MaxTimestamp : record.Timestamp),
                    record.IsKeyNull ? null : record.Key.ToArray(), record.IsValueNull ? null : record.Value.ToArray(), record.ReadHeaders()));
            }
        }
    }
}
