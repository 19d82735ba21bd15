using Freshet.Broker.Cluster.Topics;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Topics;

/// <summary>Creates topics.</summary>
internal sealed class CreateTopicsHandler(TopicAdmin topics) : RequestHandler<CreateTopicsRequest>
{
    private const short FirstWithQuota = 6;

    public override ApiKey Key => ApiKey.CreateTopics;

    public override short MinVersion => 2;

    public override short MaxVersion => 7;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(CreateTopicsRequest request, RequestContext context, CancellationToken cancellation)
    {
        HashSet<string> twice = [.. request.Topics.GroupBy(topic => topic.Name).Where(same => same.Count() > 1).Select(same => same.Key)];
        var created = new List<CreatedTopic>();
        foreach (CreatableTopic topic in request.Topics.DistinctBy(topic => topic.Name))
        {
            created.Add(
                !context.AllowsCreatingTopic(topic.Name) ? CreatedTopic.Refused(topic.Name, ErrorCode.TopicAuthorizationFailed, "Creating this topic is not allowed.")
                : twice.Contains(topic.Name) ? CreatedTopic.Refused(topic.Name, ErrorCode.InvalidRequest, "The request names the topic more than once.")
                : !request.ValidateOnly && !context.MayChangePartitions(Math.Max(1, Math.Max(topic.Partitions, topic.Assignments.Count)), strict: context.Version >= FirstWithQuota)
                    ? CreatedTopic.Refused(topic.Name, ErrorCode.ThrottlingQuotaExceeded, "The throttling quota has been exceeded.")
                : Told(await topics.CreateAsync(topic, request.ValidateOnly, cancellation).ConfigureAwait(false), context));
        }

        return new CreateTopicsResponse(created);
    }

    /// <summary>Whoever may create a topic but not see settings is not told how it turned out.</summary>
    private static CreatedTopic Told(CreatedTopic topic, RequestContext context) =>
        topic.Error != ErrorCode.None || context.AllowsTopic(AclOperation.DescribeConfigs, topic.Name) ? topic : topic.WithoutSettings();
}
