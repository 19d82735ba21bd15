using Freshet.Broker.Groups;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests;

/// <summary>Tells how far groups have read.</summary>
internal sealed class OffsetFetchHandler(GroupCoordinator groups) : RequestHandler<OffsetFetchRequest>
{
    public override ApiKey Key => ApiKey.OffsetFetch;

    public override short MinVersion => 1;

    public override short MaxVersion => 9;

    protected override ValueTask<IKafkaWritable?> HandleAsync(OffsetFetchRequest request, RequestContext context, CancellationToken cancellation) =>
        new(new OffsetFetchResponse([.. request.Groups.Select(asked => Answer(asked, context.Version))]));

    private OffsetFetchGroupResult Answer(OffsetFetchGroup asked, short version)
    {
        ErrorCode error = groups.Check(asked.GroupId);
        if (error != ErrorCode.None)
        {
            // The first version has no place for an error of the group, so each partition carries it.
            return new OffsetFetchGroupResult(asked.GroupId, error, version >= 2 ? [] : [.. (asked.Topics ?? []).Select(topic =>
                new OffsetFetchTopicResult(topic.Name, [.. topic.Partitions.Select(partition => OffsetFetchPartitionResult.None(partition, error))]))]);
        }

        Group? group = groups.Find(asked.GroupId);
        if (group is null)
        {
            return new OffsetFetchGroupResult(asked.GroupId, ErrorCode.None, Offsets(asked, null));
        }

        lock (group)
        {
            return new OffsetFetchGroupResult(asked.GroupId, ErrorCode.None, Offsets(asked, group.Offsets));
        }
    }

    private static OffsetFetchTopicResult[] Offsets(OffsetFetchGroup asked, GroupOffsets? offsets) => asked.Topics is { } topics
        ? [.. topics.Select(topic => new OffsetFetchTopicResult(
            topic.Name, [.. topic.Partitions.Select(partition => Result(partition, offsets?.Find(topic.Name, partition)))]))]
        : [.. (offsets?.All ?? []).GroupBy(entry => entry.Key.Topic).Select(topic => new OffsetFetchTopicResult(
            topic.Key, [.. topic.Select(entry => Result(entry.Key.Partition, entry.Value))]))];

    private static OffsetFetchPartitionResult Result(int partition, CommittedOffset? offset) => offset is { } known
        ? new OffsetFetchPartitionResult(partition, known.Offset, known.LeaderEpoch, known.Metadata, ErrorCode.None)
        : OffsetFetchPartitionResult.None(partition);
}
