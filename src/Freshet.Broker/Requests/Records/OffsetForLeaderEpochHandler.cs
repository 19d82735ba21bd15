using Freshet.Broker.Partitions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Freshet.Storage.Log;

namespace Freshet.Broker.Requests.Records;

/// <summary>Tells where leader epochs end, so that a reader finds out whether what it read is still there.</summary>
internal sealed class OffsetForLeaderEpochHandler(PartitionRegistry partitions) : RequestHandler<OffsetForLeaderEpochRequest>
{
    public override ApiKey Key => ApiKey.OffsetForLeaderEpoch;

    public override short MinVersion => 2;

    public override short MaxVersion => 4;

    protected override ValueTask<IKafkaWritable?> HandleAsync(OffsetForLeaderEpochRequest request, RequestContext context, CancellationToken cancellation) =>
        new(new OffsetForLeaderEpochResponse(
        [
            .. request.Topics.Select(topic => new OffsetForLeaderEpochResponse.Topic(topic.Name, [.. topic.Partitions.Select(asked => Find(topic.Name, asked, context))])),
        ]));

    private OffsetForLeaderEpochResponse.Partition Find(string topic, OffsetForLeaderEpochRequest.Partition asked, RequestContext context)
    {
        if (!context.AllowsTopic(AclOperation.Describe, topic))
        {
            return new OffsetForLeaderEpochResponse.Partition(asked.Index, ErrorCode.TopicAuthorizationFailed, -1, -1);
        }

        if (partitions.Find(topic, asked.Index) is not { } partition)
        {
            return new OffsetForLeaderEpochResponse.Partition(asked.Index, partitions.ErrorOf(topic, asked.Index), -1, -1);
        }

        ErrorCode error = LeaderEpochCheck.Of(asked.CurrentLeaderEpoch, partition);
        LeaderEpochEnd? end = error == ErrorCode.None ? partition.EndOfEpoch(asked.LeaderEpoch) : null;
        return new OffsetForLeaderEpochResponse.Partition(asked.Index, error, end?.Epoch ?? -1, end?.EndOffset ?? -1);
    }
}
