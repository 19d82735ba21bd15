using Freshet.Broker.Cluster;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests;

/// <summary>Tells where brokers and partitions are, and creates topics that are asked for when that is allowed.</summary>
internal sealed class MetadataHandler(ClusterState cluster, TopicAdmin topics, string clusterId, BrokerOptions options) : RequestHandler<MetadataRequest>
{
    public override ApiKey Key => ApiKey.Metadata;

    public override short MinVersion => 0;

    public override short MaxVersion => 13;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(MetadataRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (request.AllowAutoTopicCreation && options.AutoCreateTopics)
        {
            await CreateMissingAsync(request, cancellation).ConfigureAwait(false);
        }

        ClusterView view = cluster.View;
        MetadataTopic[] described = request.Topics is null
            ? [.. view.Topics.Values.Select(topic => Describe(topic, view))]
            : [.. request.Topics.Select(asked => Describe(asked, view))];
        // Every living broker may be asked for changes, so each names itself as the controller.
        return new MetadataResponse([.. view.Brokers.Values], clusterId, options.BrokerId, described);
    }

    private async ValueTask CreateMissingAsync(MetadataRequest request, CancellationToken cancellation)
    {
        foreach (string name in (request.Topics ?? []).Select(topic => topic.Name).OfType<string>().Where(name => cluster.View.Find(name) is null).Distinct())
        {
            if (TopicName.Problem(name) is null)
            {
                await topics.EnsureAsync(name, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static MetadataTopic Describe(MetadataRequestTopic asked, ClusterView view)
    {
        if (asked.Name is not { } name)
        {
            return view.Find(asked.TopicId) is { } byId
                ? Describe(byId, view)
                : new MetadataTopic(ErrorCode.UnknownTopicId, null, asked.TopicId, IsInternal: false, []);
        }

        if (view.Find(name) is { } topic)
        {
            return Describe(topic, view);
        }

        bool invalid = TopicName.Problem(name) is not null || TopicName.Collision(name, view) is not null;
        return new MetadataTopic(invalid ? ErrorCode.InvalidTopicException : ErrorCode.UnknownTopicOrPartition, name, Guid.Empty, IsInternal: false, []);
    }

    private static MetadataTopic Describe(Topic topic, ClusterView view) => new(
        ErrorCode.None, topic.Name, topic.Id, topic.IsInternal,
        [.. topic.Replicas.Select((replicas, partition) => view.LeaderOf(topic, partition) is { } leader
            ? new MetadataPartition(ErrorCode.None, partition, leader, LeaderEpoch: 0, replicas)
            : new MetadataPartition(ErrorCode.LeaderNotAvailable, partition, LeaderId: -1, LeaderEpoch: 0, replicas))]);
}
