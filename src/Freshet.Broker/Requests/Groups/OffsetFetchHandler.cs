using Freshet.Broker.Cluster;
using Freshet.Broker.Groups;
using Freshet.Broker.Groups.Consumers;
using Freshet.Broker.Groups.Offsets;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Groups;

/// <summary>Tells how far groups have read.</summary>
internal sealed class OffsetFetchHandler(GroupCoordinator groups, ClusterState cluster) : RequestHandler<OffsetFetchRequest>
{
    private const short FirstById = 10;

    public override ApiKey Key => ApiKey.OffsetFetch;

    public override short MinVersion => 1;

    public override short MaxVersion => 10;

    protected override ValueTask<IKafkaWritable?> HandleAsync(OffsetFetchRequest request, RequestContext context, CancellationToken cancellation) =>
        new(new OffsetFetchResponse([.. request.Groups.Select(asked => Answer(asked, request.RequireStable, context))]));

    private OffsetFetchGroupResult Answer(OffsetFetchGroup asked, bool requireStable, RequestContext context)
    {
        short version = context.Version;
        ErrorCode error = groups.CheckKept(asked.GroupId, context, AclOperation.Describe);
        if (error != ErrorCode.None)
        {
            return Refused(asked, error, version);
        }

        ClusterView view = cluster.View;
        Group? group = groups.Find(asked.GroupId);
        if (group is null)
        {
            return new OffsetFetchGroupResult(asked.GroupId, ErrorCode.None, Offsets(asked, null, requireStable, view, context));
        }

        lock (group)
        {
            error = group.Consumer?.CheckFetch(asked.MemberId, asked.MemberEpoch) ?? ErrorCode.None;
            return error != ErrorCode.None
                ? Refused(asked, error, version)
                : new OffsetFetchGroupResult(asked.GroupId, ErrorCode.None, Offsets(asked, group.Offsets, requireStable, view, context));
        }
    }

    /// <summary>The first version has no place for an error of the group, so each partition carries it.</summary>
    private static OffsetFetchGroupResult Refused(OffsetFetchGroup asked, ErrorCode error, short version) =>
        new(asked.GroupId, error, version >= 2 ? [] : [.. (asked.Topics ?? []).Select(topic =>
            new OffsetFetchTopicResult(topic.Name, [.. topic.Partitions.Select(partition => OffsetFetchPartitionResult.None(partition, error))]))]);

    private static OffsetFetchTopicResult[] Offsets(
        OffsetFetchGroup asked, GroupOffsets? offsets, bool requireStable, ClusterView view, RequestContext context) => asked.Topics is { } topics
        ? [.. topics.Select(topic => Offsets(topic, offsets, requireStable, view, context))]
        : [.. (offsets?.All ?? []).GroupBy(entry => entry.Key.Topic)
            .Where(topic => context.AllowsTopic(AclOperation.Describe, topic.Key) && (context.Version < FirstById || view.Find(topic.Key) is not null))
            .Select(topic => new OffsetFetchTopicResult(topic.Key, [.. topic.Select(entry => Result(topic.Key, entry.Key.Partition, offsets, requireStable))])
            {
                TopicId = view.Find(topic.Key)?.Id ?? default,
            })];

    private static OffsetFetchTopicResult Offsets(OffsetFetchTopic asked, GroupOffsets? offsets, bool requireStable, ClusterView view, RequestContext context)
    {
        string? name = context.Version >= FirstById ? view.Find(asked.TopicId)?.Name : asked.Name;
        return name is null ? Refused(asked, ErrorCode.UnknownTopicId)
            : !context.AllowsTopic(AclOperation.Describe, name) ? Refused(asked, ErrorCode.TopicAuthorizationFailed)
            : Offsets(asked, name, offsets, requireStable);
    }

    private static OffsetFetchTopicResult Refused(OffsetFetchTopic asked, ErrorCode error) =>
        new(asked.Name, [.. asked.Partitions.Select(partition => OffsetFetchPartitionResult.None(partition, error))]) { TopicId = asked.TopicId };

    private static OffsetFetchTopicResult Offsets(OffsetFetchTopic asked, string name, GroupOffsets? offsets, bool requireStable) =>
        new(name, [.. asked.Partitions.Select(partition => Result(name, partition, offsets, requireStable))]) { TopicId = asked.TopicId };

    private static OffsetFetchPartitionResult Result(string topic, int partition, GroupOffsets? offsets, bool requireStable) =>
        requireStable && offsets?.IsPending(topic, partition) == true ? OffsetFetchPartitionResult.None(partition, ErrorCode.UnstableOffsetCommit)
        : offsets?.Find(topic, partition) is { } known
            ? new OffsetFetchPartitionResult(partition, known.Offset, known.LeaderEpoch, known.Metadata, ErrorCode.None)
        : OffsetFetchPartitionResult.None(partition);
}
