using Freshet.Broker.Cluster;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests;

/// <summary>Creates topics.</summary>
internal sealed class CreateTopicsHandler(TopicAdmin topics) : RequestHandler<CreateTopicsRequest>
{
    public override ApiKey Key => ApiKey.CreateTopics;

    public override short MinVersion => 2;

    public override short MaxVersion => 7;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(CreateTopicsRequest request, RequestContext context, CancellationToken cancellation)
    {
        HashSet<string> twice = [.. request.Topics.GroupBy(topic => topic.Name).Where(same => same.Count() > 1).Select(same => same.Key)];
        var created = new List<CreatedTopic>();
        foreach (CreatableTopic topic in request.Topics.DistinctBy(topic => topic.Name))
        {
            created.Add(twice.Contains(topic.Name)
                ? CreatedTopic.Refused(topic.Name, ErrorCode.InvalidRequest, "The request names the topic more than once.")
                : await topics.CreateAsync(topic, request.ValidateOnly, cancellation).ConfigureAwait(false));
        }

        return new CreateTopicsResponse(created);
    }
}
