using Freshet.Broker.Cluster;
using Freshet.Broker.Cluster.Topics;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Topics;

/// <summary>Tells where brokers and partitions are, and creates topics that are asked for when that is allowed.</summary>
internal sealed class MetadataHandler(ClusterState cluster, TopicAdmin topics, ClusterSession session, BrokerOptions options) : RequestHandler<MetadataRequest>
{
    private const short FirstById = 12;

    public override ApiKey Key => ApiKey.Metadata;

    public override short MinVersion => 0;

    public override short MaxVersion => 13;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(MetadataRequest request, RequestContext context, CancellationToken cancellation)
    {
        bool creates = request.AllowAutoTopicCreation && options.AutoCreateTopics;
        if (creates)
        {
            await CreateMissingAsync(request, context, cancellation).ConfigureAwait(false);
        }

        ClusterView view = cluster.View;
        IEnumerable<MetadataTopic> described = request.Topics is null
            ? view.Topics.Values.Where(topic => context.AllowsTopic(AclOperation.Describe, topic.Name)).Select(topic => Describe(topic, view, context.Peer.Listener))
            : request.Topics.Distinct().Select(asked => Answer(asked, view, creates, context)).DistinctBy(topic => (topic.Name, topic.TopicId));
        if (request.IncludesTopicOperations)
        {
            described = described.Select(topic => topic.Error is ErrorCode.None or ErrorCode.UnknownTopicOrPartition ? topic with { Operations = context.TopicOperations(topic.Name!) } : topic);
        }

        // Every living broker may be asked for changes, so each names itself as the controller.
        return new MetadataResponse(
            view.EndpointsOn(context.Peer.Listener), session.ClusterId, options.BrokerId, [.. described],
            request.IncludesClusterOperations ? context.ClusterOperations() : MetadataResponse.NoOperations);
    }

    private async ValueTask CreateMissingAsync(MetadataRequest request, RequestContext context, CancellationToken cancellation)
    {
        foreach (string name in (request.Topics ?? []).Where(topic => topic.TopicId == Guid.Empty).Select(topic => topic.Name).OfType<string>().Where(name => cluster.View.Find(name) is null).Distinct())
        {
            if (TopicName.Problem(name) is null && context.AllowsTopic(AclOperation.Describe, name) && context.AllowsCreatingTopic(name))
            {
                await topics.EnsureAsync(name, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Versions 10 and 11 have a place for an id, and no meaning for it.</summary>
    private static MetadataTopic Answer(MetadataRequestTopic asked, ClusterView view, bool creates, RequestContext context) =>
        context.Version < FirstById && (asked.TopicId != Guid.Empty || asked.Name is null)
            ? Refused(ErrorCode.InvalidRequest, asked.Name ?? "", asked.TopicId)
            : Describe(asked, view, creates, context);

    /// <summary>Tells of one topic, or why there is nothing to tell.</summary>
    /// <param name="creates">Whether a missing topic would have been created.</param>
    public static MetadataTopic Describe(MetadataRequestTopic asked, ClusterView view, bool creates, RequestContext context)
    {
        if (asked.Name is not { } name || asked.TopicId != Guid.Empty)
        {
            // Ids are no secret, so a topic that may not be described is told apart from one that is not there; its name is.
            return view.Find(asked.TopicId) is not { } byId ? Refused(ErrorCode.UnknownTopicId, null, asked.TopicId)
                : context.AllowsTopic(AclOperation.Describe, byId.Name) ? Describe(byId, view, context.Peer.Listener)
                : Refused(ErrorCode.TopicAuthorizationFailed, null, asked.TopicId);
        }

        if (!context.AllowsTopic(AclOperation.Describe, name))
        {
            return Refused(ErrorCode.TopicAuthorizationFailed, name);
        }

        if (view.Find(name) is { } topic)
        {
            return Describe(topic, view, context.Peer.Listener);
        }

        bool invalid = TopicName.Problem(name) is not null || TopicName.Collision(name, view) is not null;
        return Refused(
            invalid ? ErrorCode.InvalidTopicException
            : creates && !context.AllowsCreatingTopic(name) ? ErrorCode.TopicAuthorizationFailed
            : ErrorCode.UnknownTopicOrPartition,
            name);
    }

    private static MetadataTopic Refused(ErrorCode error, string? name, Guid id = default) => new(error, name, id, IsInternal: false, []);

    private static MetadataTopic Describe(Topic topic, ClusterView view, BrokerListener listener) => new(
        ErrorCode.None, topic.Name, topic.Id, topic.IsInternal,
        [.. topic.Replicas.Select((replicas, partition) => view.LeaderOf(topic, partition) is not { } leader
            ? new MetadataPartition(ErrorCode.LeaderNotAvailable, partition, LeaderId: -1, LeaderEpoch: 0, replicas)
            : view.FindBroker(leader)?.On(listener) is null
                ? new MetadataPartition(ErrorCode.ListenerNotFound, partition, LeaderId: -1, LeaderEpoch: 0, replicas)
                : new MetadataPartition(ErrorCode.None, partition, leader, LeaderEpoch: 0, replicas))]);
}
