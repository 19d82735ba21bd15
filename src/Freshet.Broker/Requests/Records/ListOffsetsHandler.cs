using Freshet.Broker.Partitions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Freshet.Storage.Log;
using Microsoft.Extensions.Logging;
using Asked = Freshet.Protocol.Kafka.Messages.ListOffsetsRequest.Partition;
using Answer = Freshet.Protocol.Kafka.Messages.ListOffsetsResponse.Partition;

namespace Freshet.Broker.Requests.Records;

/// <summary>Finds offsets by time: the first, the next, of the largest timestamp, or of the first record not before a time. Tiered storage has none.</summary>
internal sealed class ListOffsetsHandler(PartitionRegistry partitions, ILogger logger) : RequestHandler<ListOffsetsRequest>
{
    public override ApiKey Key => ApiKey.ListOffsets;

    public override short MinVersion => 1;

    public override short MaxVersion => 11;

    protected override ValueTask<IKafkaWritable?> HandleAsync(ListOffsetsRequest request, RequestContext context, CancellationToken cancellation) =>
        ValueTask.FromResult<IKafkaWritable?>(new ListOffsetsResponse(
        [
            .. request.Topics.Select(topic => new ListOffsetsResponse.Topic(
                topic.Name, [.. topic.Partitions.GroupBy(asked => asked.Index).Select(same => Answer(topic.Name, same, request.IsReadCommitted, context))])),
        ]));

    private Answer Answer(string topic, IEnumerable<Asked> same, bool committed, RequestContext context)
    {
        Asked asked = same.First();
        return !context.AllowsTopic(AclOperation.Describe, topic) ? Refuse(asked, ErrorCode.TopicAuthorizationFailed)
            : same.Skip(1).Any() ? Refuse(asked, ErrorCode.InvalidRequest)
            : context.Version < FirstWith(asked.Timestamp) ? Refuse(asked, ErrorCode.UnsupportedVersion)
            : Find(topic, asked, committed);
    }

    /// <summary>First version that knows a special time.</summary>
    private static short FirstWith(long timestamp) => timestamp switch
    {
        Asked.LargestTimestamp => 7,
        Asked.EarliestLocal => 8,
        Asked.LatestTiered => 9,
        Asked.EarliestPendingUpload => 11,
        < Asked.EarliestPendingUpload => short.MaxValue,
        _ => 0,
    };

    private Answer Find(string topic, Asked asked, bool committed)
    {
        if (partitions.Find(topic, asked.Index) is not { } partition)
        {
            return Refuse(asked, partitions.ErrorOf(topic, asked.Index));
        }

        if (LeaderEpochCheck.Of(asked.CurrentLeaderEpoch, partition) is var error and not ErrorCode.None)
        {
            return Refuse(asked, error);
        }

        try
        {
            return Find(partition, asked, committed ? partition.LastStableOffset : partition.HighWatermark);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or ObjectDisposedException)
        {
            BrokerPartitionsLog.ReadFailed(logger, topic, asked.Index, exception);
            return Refuse(asked, exception is IOException and not LogCorruptException ? ErrorCode.KafkaStorageError : ErrorCode.CorruptMessage);
        }
    }

    private static Answer Find(Partition partition, Asked asked, long visible) => asked.Timestamp switch
    {
        Asked.Latest => new Answer(asked.Index, ErrorCode.None, -1, visible, partition.LeaderEpoch),
        // All there is lies on this broker's disk, so the earliest offset there is the earliest of all.
        Asked.Earliest or Asked.EarliestLocal => new Answer(asked.Index, ErrorCode.None, -1, partition.LogStartOffset, partition.EpochAt(partition.LogStartOffset)),
        Asked.LatestTiered or Asked.EarliestPendingUpload => Refuse(asked, ErrorCode.None),
        Asked.LargestTimestamp => Found(partition, asked, partition.WithLargestTimestamp(), visible),
        _ => Found(partition, asked, partition.FirstNotBefore(asked.Timestamp), visible),
    };

    private static Answer Found(Partition partition, Asked asked, TimestampOffset? found, long visible) => found is TimestampOffset record && record.Offset < visible
        ? new Answer(asked.Index, ErrorCode.None, record.Timestamp, record.Offset, partition.EpochAt(record.Offset))
        : Refuse(asked, ErrorCode.None);

    private static Answer Refuse(Asked asked, ErrorCode error) => new(asked.Index, error, -1, -1, -1);
}
