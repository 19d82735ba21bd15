using Freshet.Broker.Cluster;
using Freshet.Broker.Cluster.Topics;
using Freshet.Broker.Partitions;
using Freshet.Broker.Partitions.Batches;
using Freshet.Broker.Partitions.Producers;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Records;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Groups.Storage;

/// <summary>Groups and offsets on disk: the topic <see cref="Topic.ConsumerOffsets"/>, where a group always has the same partition.</summary>
internal sealed class GroupLog(Func<ClusterView> cluster, PartitionRegistry partitions, int brokerId, TimeProvider time, ILogger logger)
{
    public ClusterView View => cluster();

    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Whether this broker keeps the group, and if not, what to tell the client.</summary>
    public ErrorCode Check(string group)
    {
        ClusterView view = cluster();
        return view.Find(Topic.ConsumerOffsets) is not { } topic ? ErrorCode.CoordinatorNotAvailable
            : view.LeaderOf(topic, PartitionOf(group, topic)) == brokerId ? ErrorCode.None
            : ErrorCode.NotCoordinator;
    }

    /// <summary>Stores records of one group together.</summary>
    public async ValueTask<AppendResult> AppendAsync(string group, IReadOnlyList<GroupRecord> records, CancellationToken cancellation) =>
        FindPartition(group) is { } partition
            ? ForClients(await partition.AppendAsync(Fill(new RecordBatchBuilder(Now), records), cancellation, ownRecords: true).ConfigureAwait(false))
            : AppendResult.Refused(ErrorCode.NotCoordinator);

    /// <summary>Appends offsets of one group as part of a producer's transaction. Acknowledge them after <see cref="WaitForDiskAsync"/>.</summary>
    public AppendResult Append(string group, IReadOnlyList<GroupRecord> records, long producerId, short producerEpoch, ITransactionGuard guard)
    {
        var batch = new RecordBatchBuilder(Now) { ProducerId = producerId, ProducerEpoch = producerEpoch, Attributes = RecordBatchAttributes.Transactional };
        return FindPartition(group) is { } partition ? ForClients(partition.Append(Fill(batch, records), ownRecords: true, guard)) : AppendResult.Refused(ErrorCode.NotCoordinator);
    }

    public async ValueTask<AppendResult> WaitForDiskAsync(string group, AppendResult appended, CancellationToken cancellation) =>
        FindPartition(group) is { } partition
            ? ForClients(await partition.WaitForDiskAsync(appended, cancellation).ConfigureAwait(false))
            : AppendResult.Refused(ErrorCode.NotCoordinator);

    /// <summary>Everything stored on this broker, oldest first within a group.</summary>
    public IEnumerable<StoredGroupRecord> ReadAll()
    {
        foreach (Partition partition in partitions.All.Where(partition => partition.Topic == Topic.ConsumerOffsets))
        {
            foreach (ReadOnlyMemory<byte> batch in StoredBatches.Of(partition, Passed))
            {
                foreach (StoredGroupRecord record in Decode(partition.Index, batch.Span))
                {
                    yield return record;
                }
            }
        }
    }

    /// <summary>Number of the partition that keeps a group; -1 while there is none.</summary>
    public int PartitionOf(string group) => cluster().Find(Topic.ConsumerOffsets) is { } topic ? PartitionOf(group, topic) : -1;

    /// <summary>Clients know no storage error in answers of a coordinator; they take this one as "ask the coordinator again".</summary>
    private static AppendResult ForClients(AppendResult stored) =>
        stored.Error == ErrorCode.KafkaStorageError ? AppendResult.Refused(ErrorCode.CoordinatorNotAvailable, stored.Message) : stored;

    private Partition? FindPartition(string group) => PartitionOf(group) is >= 0 and int index ? partitions.Find(Topic.ConsumerOffsets, index) : null;

    private static byte[] Fill(RecordBatchBuilder batch, IReadOnlyList<GroupRecord> records)
    {
        foreach (GroupRecord record in records)
        {
            _ = record.Value() is { } value ? batch.Add(record.Key(), value) : batch.AddTombstone(record.Key());
        }

        return batch.Build();
    }

    private List<StoredGroupRecord> Decode(int partition, ReadOnlySpan<byte> bytes)
    {
        var batch = new RecordBatch(bytes);
        if (batch.Attributes.IsControl)
        {
            return ControlRecord.TryRead(batch, out ControlRecord marker)
                ? [new StoredGroupRecord(partition, batch.BaseOffset, null, batch.ProducerId, marker.IsCommit)]
                : [];
        }

        long? producerId = batch.Attributes.IsTransactional ? batch.ProducerId : null;
        var records = new List<StoredGroupRecord>();
        foreach (Record record in batch.Records)
        {
            try
            {
                if (GroupRecord.Read(record.Key.ToArray(), record.IsValueNull ? null : record.Value.ToArray()) is { } read)
                {
                    records.Add(new StoredGroupRecord(partition, record.Offset, read, producerId));
                }
            }
            catch (KafkaFormatException malformed)
            {
                BrokerLog.UnreadableGroupRecord(logger, malformed);
            }
        }

        return records;
    }

    private void Passed(Partition partition, long from, long next) =>
        BrokerPartitionsLog.OwnBatchDamaged(logger, partition.Topic, partition.Index, from, next);

    private static int PartitionOf(string group, Topic topic) => JavaHash.PartitionOf(group, topic.PartitionCount);
}
