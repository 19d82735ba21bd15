using System.Collections.Immutable;
using Freshet.Broker.Cluster;
using Freshet.Broker.Groups.Consumers;
using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Groups.Migration;

/// <summary>Partitions of one topic, as consumers of the classic protocol name them.</summary>
internal sealed record EmbeddedPartitions(string Topic, int[] Partitions) : IKafkaReadable<EmbeddedPartitions>, IKafkaWritable
{
    public static EmbeddedPartitions Read(ref KafkaReader reader) => new(reader.ReadString(), reader.ReadInt32Array());

    /// <summary>The partitions by name; those of deleted topics are left out.</summary>
    public static EmbeddedPartitions[] Of(IEnumerable<TopicIdPartition> partitions, ClusterView view) =>
    [
        .. from topic in TopicIdPartition.ToTopics(partitions)
           let known = view.Find(topic.TopicId)
           where known is not null
           select new EmbeddedPartitions(known.Name, [.. topic.Partitions]),
    ];

    /// <summary>The partitions by id; those of deleted topics are left out.</summary>
    public static ImmutableHashSet<TopicIdPartition> ToIds(IEnumerable<EmbeddedPartitions> topics, ClusterView view) =>
    [
        .. from topic in topics
           let known = view.Find(topic.Topic)
           where known is not null
           from index in topic.Partitions
           select new TopicIdPartition(known.Id, index),
    ];

    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(Topic);
        writer.WriteInt32Array(Partitions);
    }
}
