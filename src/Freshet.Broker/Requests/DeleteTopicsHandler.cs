using Freshet.Broker.Cluster;
using Freshet.Broker.Groups;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests;

/// <summary>Deletes topics.</summary>
internal sealed class DeleteTopicsHandler(TopicAdmin topics, GroupCoordinator groups) : RequestHandler<DeleteTopicsRequest>
{
    public override ApiKey Key => ApiKey.DeleteTopics;

    public override short MinVersion => 1;

    public override short MaxVersion => 6;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(DeleteTopicsRequest request, RequestContext context, CancellationToken cancellation)
    {
        var deleted = new List<DeletedTopic>();
        foreach (DeletableTopic topic in request.Topics.Distinct())
        {
            DeletedTopic result = await topics.DeleteAsync(topic, cancellation).ConfigureAwait(false);
            if (result.Error == ErrorCode.None)
            {
                await groups.ForgetTopicAsync(result.Name!).ConfigureAwait(false);
            }

            deleted.Add(result);
        }

        return new DeleteTopicsResponse(deleted);
    }
}
