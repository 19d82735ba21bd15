using Freshet.Broker.Cluster;
using Freshet.Broker.Groups;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests;

/// <summary>Tells how far groups have read.</summary>
internal sealed class OffsetFetchHandler(GroupCoordinator groups, ClusterState cluster) : RequestHandler<OffsetFetchRequest>
{
    private const short FirstById = 10;

    public override ApiKey Key => ApiKey.OffsetFetch;

    public override short MinVersion => 1;

    public override short MaxVersion => 10;

    protected override ValueTask<IKafkaWritable?> HandleAsync(OffsetFetchRequest request, RequestContext context, CancellationToken cancellation) =>
        new(new OffsetFetchResponse([.. request.Groups.Select(asked => Answer(asked, request.RequireStable, context.Version))]));

    private OffsetFetchGroupResult Answer(OffsetFetchGroup asked, bool requireStable, short version)
    {
        ErrorCode error = groups.Check(asked.GroupId);
        if (error != ErrorCode.None)
        {
            return Refused(asked, error, version);
        }

        ClusterView view = cluster.View;
        Group? group = groups.Find(asked.GroupId);
        if (group is null)
        {
            return new OffsetFetchGroupResult(asked.GroupId, ErrorCode.None, Offsets(asked, null, requireStable, view, version));
        }

        lock (group)
        {
            error = group.Consumer?.CheckFetch(asked.MemberId, asked.MemberEpoch) ?? ErrorCode.None;
            return error != ErrorCode.None
                ? Refused(asked, error, version)
                : new OffsetFetchGroupResult(asked.GroupId, ErrorCode.None, Offsets(asked, group.Offsets, requireStable, view, version));
        }
    }

    /// <summary>The first version has no place for an error of the group, so each partition carries it.</summary>
    private static OffsetFetchGroupResult Refused(OffsetFetchGroup asked, ErrorCode error, short version) =>
        new(asked.GroupId, error, version >= 2 ? [] : [.. (asked.Topics ?? []).Select(topic =>
            new OffsetFetchTopicResult(topic.Name, [.. topic.Partitions.Select(partition => OffsetFetchPartitionResult.None(partition, error))]))]);

    private static OffsetFetchTopicResult[] Offsets(
        OffsetFetchGroup asked, GroupOffsets? offsets, bool requireStable, ClusterView view, short version) => asked.Topics is { } topics
        ? [.. topics.Select(topic => version >= FirstById ? OffsetsById(topic, offsets, requireStable, view.Find(topic.TopicId)) : Offsets(topic, topic.Name, offsets, requireStable))]
        : [.. (offsets?.All ?? []).GroupBy(entry => entry.Key.Topic)
            .Where(topic => version < FirstById || view.Find(topic.Key) is not null)
            .Select(topic => new OffsetFetchTopicResult(topic.Key, [.. topic.Select(entry => Result(topic.Key, entry.Key.Partition, offsets, requireStable))])
            {
                TopicId = view.Find(topic.Key)?.Id ?? default,
            })];

    private static OffsetFetchTopicResult OffsetsById(OffsetFetchTopic asked, GroupOffsets? offsets, bool requireStable, Topic? topic) => topic is not null
        ? Offsets(asked, topic.Name, offsets, requireStable)
        : new OffsetFetchTopicResult("", [.. asked.Partitions.Select(partition => OffsetFetchPartitionResult.None(partition, ErrorCode.UnknownTopicId))]) { TopicId = asked.TopicId };

    private static OffsetFetchTopicResult Offsets(OffsetFetchTopic asked, string name, GroupOffsets? offsets, bool requireStable) =>
        new(name, [.. asked.Partitions.Select(partition => Result(name, partition, offsets, requireStable))]) { TopicId = asked.TopicId };

    private static OffsetFetchPartitionResult Result(string topic, int partition, GroupOffsets? offsets, bool requireStable) =>
        requireStable && offsets?.IsPending(topic, partition) == true ? OffsetFetchPartitionResult.None(partition, ErrorCode.UnstableOffsetCommit)
        : offsets?.Find(topic, partition) is { } known
            ? new OffsetFetchPartitionResult(partition, known.Offset, known.LeaderEpoch, known.Metadata, ErrorCode.None)
        : OffsetFetchPartitionResult.None(partition);
}
