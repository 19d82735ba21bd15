using System.Collections.Immutable;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>One partition; the topic is named by its id, so that a new topic of the same name is not taken for the old.</summary>
internal readonly record struct TopicIdPartition(Guid TopicId, int Index)
{
    /// <summary>The partitions as messages carry them, in order.</summary>
    public static TopicIdPartitions[] ToTopics(IEnumerable<TopicIdPartition> partitions) =>
    [
        .. partitions.GroupBy(partition => partition.TopicId).OrderBy(topic => topic.Key)
            .Select(topic => new TopicIdPartitions(topic.Key, [.. topic.Select(partition => partition.Index).Order()])),
    ];

    public static ImmutableHashSet<TopicIdPartition> FromTopics(IEnumerable<TopicIdPartitions> topics) =>
        [.. topics.SelectMany(topic => topic.Partitions.Select(index => new TopicIdPartition(topic.TopicId, index)))];
}
