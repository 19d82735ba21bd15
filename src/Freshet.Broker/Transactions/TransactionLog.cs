using Freshet.Broker.Cluster;
using Freshet.Broker.Cluster.Topics;
using Freshet.Broker.Groups;
using Freshet.Broker.Partitions;
using Freshet.Broker.Partitions.Batches;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Records;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Transactions;

/// <summary>Transactions on disk: the topic <see cref="Topic.TransactionState"/>, where an id always has the same partition.</summary>
internal sealed class TransactionLog(ClusterState cluster, PartitionRegistry partitions, int brokerId, TimeProvider time, ILogger logger)
{
    /// <summary>Epoch of this broker as the coordinator: it leads its partitions since they were made.</summary>
    public const int CoordinatorEpoch = 0;

    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Whether this broker keeps the id, and if not, what to tell the client.</summary>
    public ErrorCode Check(string id)
    {
        ClusterView view = cluster.View;
        return view.Find(Topic.TransactionState) is not { } topic ? ErrorCode.CoordinatorNotAvailable
            : view.LeaderOf(topic, JavaHash.PartitionOf(id, topic.PartitionCount)) == brokerId ? ErrorCode.None
            : ErrorCode.NotCoordinator;
    }

    /// <summary>Stores how an id stands. Not given up half-way: what is stored must be followed.</summary>
    public async ValueTask<ErrorCode> AppendAsync(TransactionRecord record)
    {
        if (cluster.View.Find(Topic.TransactionState) is not { } topic
            || partitions.Find(topic.Name, JavaHash.PartitionOf(record.Id, topic.PartitionCount)) is not { } partition)
        {
            return ErrorCode.NotCoordinator;
        }

        var batch = new RecordBatchBuilder(Now);
        _ = record.Value() is { } value ? batch.Add(record.Key(), value) : batch.AddTombstone(record.Key());
        AppendResult appended = await partition.AppendAsync(batch.Build(), CancellationToken.None, ownRecords: true).ConfigureAwait(false);
        // Clients take this as "ask the coordinator again", and know no storage error in answers of a coordinator.
        return appended.Error == ErrorCode.None ? ErrorCode.None : ErrorCode.CoordinatorNotAvailable;
    }

    /// <summary>Everything stored on this broker, oldest first for an id.</summary>
    public IEnumerable<TransactionRecord> ReadAll() =>
        from partition in partitions.All
        where partition.Topic == Topic.TransactionState
        from batch in StoredBatches.Of(partition, Passed)
        from record in Decode(batch.Span)
        select record;

    private void Passed(Partition partition, long from, long next) =>
        BrokerPartitionsLog.OwnBatchDamaged(logger, partition.Topic, partition.Index, from, next);

    private List<TransactionRecord> Decode(ReadOnlySpan<byte> bytes)
    {
        var records = new List<TransactionRecord>();
        foreach (Record record in new RecordBatch(bytes).Records)
        {
            try
            {
                if (TransactionRecord.Read(record.Key.ToArray(), record.IsValueNull ? null : record.Value.ToArray()) is { } read)
                {
                    records.Add(read);
                }
            }
            catch (KafkaFormatException malformed)
            {
                TransactionEvents.UnreadableRecord(logger, malformed);
            }
        }

        return records;
    }
}
