using Freshet.Broker.Cluster.Topics;
using Freshet.Broker.Partitions;
using Freshet.Broker.Partitions.Producers;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Transactions;

/// <summary>Tells which producers partitions know, and whose transactions are open in them.</summary>
internal sealed class DescribeProducersHandler(PartitionRegistry partitions) : RequestHandler<DescribeProducersRequest>
{
    public override ApiKey Key => ApiKey.DescribeProducers;

    public override short MinVersion => 0;

    public override short MaxVersion => 0;

    protected override ValueTask<IKafkaWritable?> HandleAsync(DescribeProducersRequest request, RequestContext context, CancellationToken cancellation) =>
        new(new DescribeProducersResponse([.. request.Topics.Select(topic => new DescribedProducersTopic(
            topic.Name, [.. topic.Partitions.Select(partition => Describe(topic.Name, partition, context))]))]));

    private DescribedProducersPartition Describe(string topic, int index, RequestContext context)
    {
        if (!context.AllowsTopic(AclOperation.Read, topic))
        {
            return new DescribedProducersPartition(index, ErrorCode.TopicAuthorizationFailed, null, []);
        }

        if (TopicName.Problem(topic) is { } problem)
        {
            return new DescribedProducersPartition(index, ErrorCode.InvalidTopicException, problem, []);
        }

        return partitions.Find(topic, index) is { } partition
            ? new DescribedProducersPartition(index, ErrorCode.None, null, partition.SelectProducers(Describe))
            : new DescribedProducersPartition(index, partitions.ErrorOf(topic, index), null, []);
    }

    private static DescribedProducer Describe(long producerId, ProducerState state) => new(
        producerId, state.Epoch, state.Kept.IsEmpty ? -1 : state.Kept[^1].LastSequence, state.LastSeen, state.CoordinatorEpoch, state.OpenSince ?? -1);
}
