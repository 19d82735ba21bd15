using Freshet.Broker.Cluster;
using Freshet.Broker.Partitions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Groups;

/// <summary>Groups and offsets on disk: the topic <see cref="Topic.ConsumerOffsets"/>, where a group always has the same partition.</summary>
internal sealed class GroupLog(ClusterState cluster, PartitionRegistry partitions, int brokerId, TimeProvider time, ILogger logger)
{
    private const int ReadSize = 1024 * 1024;

    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Whether this broker keeps the group, and if not, what to tell the client.</summary>
    public ErrorCode Check(string group)
    {
        ClusterView view = cluster.View;
        return view.Find(Topic.ConsumerOffsets) is not { } topic ? ErrorCode.CoordinatorNotAvailable
            : view.LeaderOf(topic, PartitionOf(group, topic)) == brokerId ? ErrorCode.None
            : ErrorCode.NotCoordinator;
    }

    /// <summary>Stores records of one group together.</summary>
    public async ValueTask<AppendResult> AppendAsync(string group, IReadOnlyList<GroupRecord> records, CancellationToken cancellation)
    {
        if (cluster.View.Find(Topic.ConsumerOffsets) is not { } topic
            || partitions.Find(topic.Name, PartitionOf(group, topic)) is not { } partition)
        {
            return AppendResult.Refused(ErrorCode.NotCoordinator);
        }

        var batch = new RecordBatchBuilder(Now);
        foreach (GroupRecord record in records)
        {
            _ = record.Value() is { } value ? batch.Add(record.Key(), value) : batch.AddTombstone(record.Key());
        }

        return await partition.AppendAsync(batch.Build(), cancellation, ownRecords: true).ConfigureAwait(false);
    }

    /// <summary>Everything stored on this broker, oldest first within a group.</summary>
    public IEnumerable<(GroupRecord Record, long Offset)> ReadAll()
    {
        byte[] buffer = [];
        foreach (Partition partition in partitions.All.Where(partition => partition.Topic == Topic.ConsumerOffsets))
        {
            long at = partition.LogStartOffset;
            while (at < partition.LogEndOffset)
            {
                LogSlice slice = partition.Slice(at, ReadSize);
                if (slice.Length == 0)
                {
                    break;
                }

                if (buffer.Length < slice.Length)
                {
                    buffer = new byte[slice.Length];
                }

                slice.Read(0, buffer.AsSpan(0, slice.Length));
                foreach ((GroupRecord record, long offset) in Decode(buffer.AsSpan(0, slice.Length), out at))
                {
                    yield return (record, offset);
                }
            }
        }
    }

    private List<(GroupRecord Record, long Offset)> Decode(ReadOnlySpan<byte> batches, out long next)
    {
        var records = new List<(GroupRecord, long)>();
        next = long.MaxValue;
        while (RecordBatch.TryTake(ref batches, out RecordBatch batch))
        {
            next = batch.LastOffset + 1;
            if (batch.Attributes.IsControl)
            {
                continue;
            }

            foreach (Record record in batch.Records)
            {
                try
                {
                    if (GroupRecord.Read(record.Key.ToArray(), record.IsValueNull ? null : record.Value.ToArray()) is { } read)
                    {
                        records.Add((read, record.Offset));
                    }
                }
                catch (KafkaFormatException malformed)
                {
                    BrokerLog.UnreadableGroupRecord(logger, malformed);
                }
            }
        }

        return records;
    }

    private static int PartitionOf(string group, Topic topic) => JavaHash.PartitionOf(group, topic.PartitionCount);
}
