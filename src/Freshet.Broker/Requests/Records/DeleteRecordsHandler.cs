using Freshet.Broker.Cluster.Topics;
using Freshet.Broker.Partitions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Microsoft.Extensions.Logging;
using Asked = Freshet.Protocol.Kafka.Messages.DeleteRecordsRequest.Partition;
using Answer = Freshet.Protocol.Kafka.Messages.DeleteRecordsResponse.Partition;

namespace Freshet.Broker.Requests.Records;

/// <summary>Moves the start of partitions forward.</summary>
internal sealed class DeleteRecordsHandler(PartitionRegistry partitions, ILogger logger) : RequestHandler<DeleteRecordsRequest>
{
    public override ApiKey Key => ApiKey.DeleteRecords;

    public override short MinVersion => 0;

    public override short MaxVersion => 2;

    protected override ValueTask<IKafkaWritable?> HandleAsync(DeleteRecordsRequest request, RequestContext context, CancellationToken cancellation) =>
        new(new DeleteRecordsResponse(
        [
            .. request.Topics.Select(topic => new DeleteRecordsResponse.Topic(topic.Name, [.. topic.Partitions.Select(asked => Delete(topic.Name, asked, context))])),
        ]));

    private Answer Delete(string topic, Asked asked, RequestContext context)
    {
        if (!context.AllowsTopic(AclOperation.Delete, topic))
        {
            return Refuse(asked, ErrorCode.TopicAuthorizationFailed);
        }

        if (Topic.IsInternalName(topic))
        {
            return Refuse(asked, ErrorCode.InvalidTopicException);
        }

        if (partitions.Find(topic, asked.Index) is not { } partition)
        {
            return Refuse(asked, partitions.ErrorOf(topic, asked.Index));
        }

        if (!partition.Options.Deletes)
        {
            return Refuse(asked, ErrorCode.PolicyViolation);
        }

        long end = partition.HighWatermark;
        long offset = asked.Offset == Asked.AllVisible ? end : asked.Offset;
        if (offset < 0 || offset > end)
        {
            return Refuse(asked, ErrorCode.OffsetOutOfRange);
        }

        try
        {
            partition.DeleteBefore(offset);
            return new Answer(asked.Index, partition.LogStartOffset, ErrorCode.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            BrokerPartitionsLog.TidyFailed(logger, topic, asked.Index, exception);
            return Refuse(asked, ErrorCode.KafkaStorageError);
        }
    }

    private static Answer Refuse(Asked asked, ErrorCode error) => new(asked.Index, -1, error);
}
