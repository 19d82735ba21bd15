using Freshet.Broker.Cluster;
using Freshet.Broker.Cluster.Topics;
using Freshet.Broker.Groups;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Topics;

/// <summary>Deletes topics.</summary>
internal sealed class DeleteTopicsHandler(TopicAdmin topics, ClusterState cluster, GroupCoordinator groups) : RequestHandler<DeleteTopicsRequest>
{
    private const short FirstWithQuota = 5;

    public override ApiKey Key => ApiKey.DeleteTopics;

    public override short MinVersion => 1;

    public override short MaxVersion => 6;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(DeleteTopicsRequest request, RequestContext context, CancellationToken cancellation)
    {
        HashSet<string> twice = [.. request.Topics.GroupBy(KeyOf).Where(same => same.Count() > 1).Select(same => same.Key)];
        var deleted = new List<DeletedTopic>();
        foreach (DeletableTopic topic in request.Topics.Distinct())
        {
            if ((Malformed(topic, twice) ?? Denied(topic, context) ?? Delayed(topic, context)) is { } denied)
            {
                deleted.Add(denied);
                continue;
            }

            DeletedTopic result = await topics.DeleteAsync(topic, cancellation).ConfigureAwait(false);
            if (result.Error == ErrorCode.None)
            {
                await groups.OffsetDeletion.ForgetTopicAsync(result.Name!).ConfigureAwait(false);
            }

            deleted.Add(result);
        }

        return new DeleteTopicsResponse(deleted);
    }

    /// <summary>What a topic is known by, whether the request has its name or its id.</summary>
    private string KeyOf(DeletableTopic topic) => topic.Name ?? cluster.View.Find(topic.TopicId)?.Name ?? $"{topic.TopicId}";

    /// <summary>Nothing is deleted where it is in doubt what is meant.</summary>
    private DeletedTopic? Malformed(DeletableTopic topic, HashSet<string> twice)
    {
        string? problem = (topic.Name is null) == (topic.TopicId == Guid.Empty) ? "A topic is named by its name or by its id."
            : twice.Contains(KeyOf(topic)) ? "The request names the topic more than once."
            : null;
        return problem is null ? null : new DeletedTopic(topic.Name, topic.TopicId, ErrorCode.InvalidRequest, problem);
    }

    private DeletedTopic? Delayed(DeletableTopic topic, RequestContext context)
    {
        Topic? known = topic.Name is null ? cluster.View.Find(topic.TopicId) : cluster.View.Find(topic.Name);
        return known is null || context.MayChangePartitions(known.PartitionCount, strict: context.Version >= FirstWithQuota)
            ? null
            : new DeletedTopic(topic.Name, topic.TopicId, ErrorCode.ThrottlingQuotaExceeded, "The throttling quota has been exceeded.");
    }

    /// <summary>A topic that may be described but not deleted is told by its name; of any other nothing is told.</summary>
    private DeletedTopic? Denied(DeletableTopic topic, RequestContext context)
    {
        if ((topic.Name ?? cluster.View.Find(topic.TopicId)?.Name) is not { } name || context.AllowsTopic(AclOperation.Delete, name))
        {
            return null;
        }

        bool tellsName = topic.Name is not null || context.AllowsTopic(AclOperation.Describe, name);
        return new DeletedTopic(tellsName ? name : null, topic.TopicId, ErrorCode.TopicAuthorizationFailed, "Deleting this topic is not allowed.");
    }
}
