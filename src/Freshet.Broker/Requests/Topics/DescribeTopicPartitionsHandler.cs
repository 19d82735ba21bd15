using Freshet.Broker.Cluster;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Topics;

/// <summary>Tells where partitions are, in pages and in the order of topic names.</summary>
internal sealed class DescribeTopicPartitionsHandler(ClusterState cluster, BrokerOptions options) : RequestHandler<DescribeTopicPartitionsRequest>
{
    public override ApiKey Key => ApiKey.DescribeTopicPartitions;

    public override short MinVersion => 0;

    public override short MaxVersion => 0;

    protected override ValueTask<IKafkaWritable?> HandleAsync(DescribeTopicPartitionsRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (request.Cursor is { } cursor && (cursor.Partition < 0 || (request.Topics.Length > 0 && !request.Topics.Contains(cursor.Topic))))
        {
            // Where to go on is one of the topics asked for.
            return Page([.. request.Topics.Distinct().Select(name => new MetadataTopic(ErrorCode.InvalidRequest, name, Guid.Empty, IsInternal: false, []))], null);
        }

        ClusterView view = cluster.View;
        IEnumerable<string> names = request.Topics.Length == 0
            ? view.Topics.Keys.Where(name => context.AllowsTopic(AclOperation.Describe, name))
            : request.Topics.Distinct().Order(StringComparer.Ordinal);
        int left = Math.Clamp(request.MaxPartitions, 1, options.MaxDescribedPartitions);
        var topics = new List<MetadataTopic>();
        foreach (string name in names.Where(name => request.Cursor is null || string.CompareOrdinal(name, request.Cursor.Topic) >= 0))
        {
            MetadataTopic topic = MetadataHandler.Describe(new MetadataRequestTopic(Guid.Empty, name), view, creates: false, context);
            int first = name == request.Cursor?.Topic ? Math.Clamp(request.Cursor.Partition, 0, topic.Partitions.Count) : 0;
            if (left == 0)
            {
                return Page(topics, new PartitionCursor(name, first));
            }

            MetadataPartition[] page = [.. topic.Partitions.Skip(first).Take(left)];
            topics.Add(topic with { Partitions = page, Operations = context.TopicOperations(name) });
            left -= page.Length;
            if (first + page.Length < topic.Partitions.Count)
            {
                return Page(topics, new PartitionCursor(name, first + page.Length));
            }
        }

        return Page(topics, null);
    }

    private static ValueTask<IKafkaWritable?> Page(List<MetadataTopic> topics, PartitionCursor? next) => new(new DescribeTopicPartitionsResponse(topics, next));
}
