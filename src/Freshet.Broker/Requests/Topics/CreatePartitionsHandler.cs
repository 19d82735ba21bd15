using Freshet.Broker.Cluster.Topics;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Topics;

/// <summary>Gives topics more partitions.</summary>
internal sealed class CreatePartitionsHandler(TopicAdmin topics) : RequestHandler<CreatePartitionsRequest>
{
    private const short FirstWithQuota = 3;

    public override ApiKey Key => ApiKey.CreatePartitions;

    public override short MinVersion => 0;

    public override short MaxVersion => 3;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(CreatePartitionsRequest request, RequestContext context, CancellationToken cancellation)
    {
        HashSet<string> twice = [.. request.Topics.GroupBy(topic => topic.Name).Where(same => same.Count() > 1).Select(same => same.Key)];
        var grown = new List<CreatePartitionsTopicResult>();
        foreach (CreatePartitionsTopic topic in request.Topics.DistinctBy(topic => topic.Name))
        {
            grown.Add(!context.AllowsTopic(AclOperation.Alter, topic.Name)
                ? new CreatePartitionsTopicResult(topic.Name, ErrorCode.TopicAuthorizationFailed, "Altering this topic is not allowed.")
                : twice.Contains(topic.Name) ? new CreatePartitionsTopicResult(topic.Name, ErrorCode.InvalidRequest, "The request names the topic more than once.")
                : !request.ValidateOnly && !context.MayChangePartitions(Math.Max(1, topic.Count), strict: context.Version >= FirstWithQuota)
                ? new CreatePartitionsTopicResult(topic.Name, ErrorCode.ThrottlingQuotaExceeded, "The throttling quota has been exceeded.")
                : await topics.GrowAsync(topic, request.ValidateOnly, cancellation).ConfigureAwait(false));
        }

        return new CreatePartitionsResponse(grown);
    }
}
