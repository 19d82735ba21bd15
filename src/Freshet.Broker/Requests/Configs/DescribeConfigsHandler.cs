using System.Globalization;
using Freshet.Broker.Cluster;
using Freshet.Broker.Cluster.Configs;
using Freshet.Broker.Cluster.Topics;
using Freshet.Broker.Groups.Settings;
using Freshet.Broker.Logging;
using Freshet.Broker.Telemetry;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Configs;

/// <summary>Tells the settings of everything that has some, each with its value and where that comes from.</summary>
internal sealed class DescribeConfigsHandler(ClusterState cluster, GroupSettings groups, MetricsSubscriptions subscriptions, BrokerLoggers loggers, BrokerOptions options) : RequestHandler<DescribeConfigsRequest>
{
    public override ApiKey Key => ApiKey.DescribeConfigs;

    public override short MinVersion => 1;

    public override short MaxVersion => 4;

    protected override ValueTask<IKafkaWritable?> HandleAsync(DescribeConfigsRequest request, RequestContext context, CancellationToken cancellation) =>
        new(new DescribeConfigsResponse([.. request.Resources.Select(resource => Describe(resource, request, context))]));

    private DescribedResource Describe(ConfigResource resource, DescribeConfigsRequest request, RequestContext context) => resource.Type switch
    {
        ConfigResourceType.Topic when !context.AllowsTopic(AclOperation.DescribeConfigs, resource.Name) =>
            Refused(resource, ErrorCode.TopicAuthorizationFailed, "Not authorised to describe the settings of this topic."),
        ConfigResourceType.Group when !context.AllowsGroup(AclOperation.DescribeConfigs, resource.Name) =>
            Refused(resource, ErrorCode.GroupAuthorizationFailed, "Not authorised to describe the settings of this group."),
        not (ConfigResourceType.Topic or ConfigResourceType.Group) when !context.AllowsCluster(AclOperation.DescribeConfigs) =>
            Refused(resource, ErrorCode.ClusterAuthorizationFailed, "Not authorised to describe settings of the cluster."),
        ConfigResourceType.Topic when TopicName.Problem(resource.Name) is { } problem => Refused(resource, ErrorCode.InvalidTopicException, problem),
        ConfigResourceType.Topic => cluster.View.Find(resource.Name) is { } topic
            ? Found(resource, request, TopicSettingDefinition.All.Values.Select(definition => Describe(definition, topic.Settings)))
            : Refused(resource, ErrorCode.UnknownTopicOrPartition, $"There is no topic '{resource.Name}'."),
        ConfigResourceType.Group when resource.Name.Length == 0 => Refused(resource, ErrorCode.InvalidRequest, "Name the group."),
        ConfigResourceType.Group => Found(resource, request, groups.Describe(resource.Name)),
        ConfigResourceType.ClientMetrics when resource.Name.Length == 0 => Refused(resource, ErrorCode.InvalidRequest, "Name the subscription to clients' metrics."),
        ConfigResourceType.ClientMetrics => Found(resource, request, subscriptions.Describe(resource.Name)),
        ConfigResourceType.Broker when resource.Name.Length == 0 => Found(resource, request, OfAllBrokers()),
        ConfigResourceType.Broker or ConfigResourceType.BrokerLogger when resource.Name == options.BrokerId.ToString(CultureInfo.InvariantCulture) =>
            Found(resource, request, resource.Type == ConfigResourceType.Broker ? BrokerConfigs.Of(options, cluster.Defaults, cluster.Connections) : loggers.Describe()),
        ConfigResourceType.Broker or ConfigResourceType.BrokerLogger => Refused(resource, ErrorCode.InvalidRequest, $"This is broker {options.BrokerId}; ask broker '{resource.Name}' itself."),
        _ => Refused(resource, ErrorCode.InvalidRequest, $"Settings of resource type {(int)resource.Type} are not known."),
    };

    /// <summary>What was set on all brokers at once; the rest is each broker's own.</summary>
    private IEnumerable<DescribedConfig> OfAllBrokers() => BrokerConfigs.Of(options, cluster.Defaults, cluster.Connections)
        .Select(config => config.Synonyms.FirstOrDefault(synonym => synonym.Source == ConfigSource.DynamicDefaultBroker) is { } set
            ? config with { Value = set.Value, Source = set.Source, Synonyms = [set] }
            : null)
        .OfType<DescribedConfig>();

    private DescribedConfig Describe(TopicSettingDefinition definition, TopicSettings settings)
    {
        IEnumerable<ConfigSynonym> behind = cluster.Defaults.Behind(definition);
        if (settings.Values.TryGetValue(definition.Name, out string? own))
        {
            behind = behind.Prepend(new ConfigSynonym(definition.Name, own, ConfigSource.Topic));
        }

        ConfigSynonym strongest = behind.First();
        return new DescribedConfig(definition.Name, strongest.Value, ReadOnly: false, strongest.Source, definition.Type, [.. behind])
        {
            Documentation = definition.Documentation,
        };
    }

    private static DescribedResource Found(ConfigResource resource, DescribeConfigsRequest request, IEnumerable<DescribedConfig> configs) => new(
        ErrorCode.None, null, resource.Type, resource.Name,
        [
            .. configs.Where(config => resource.Keys is null || resource.Keys.Contains(config.Name)).Select(config => config with
            {
                Synonyms = request.IncludeSynonyms ? config.Synonyms : [],
                Documentation = request.IncludeDocumentation ? config.Documentation : null,
            }),
        ]);

    private static DescribedResource Refused(ConfigResource resource, ErrorCode error, string message) => new(error, message, resource.Type, resource.Name, []);
}
