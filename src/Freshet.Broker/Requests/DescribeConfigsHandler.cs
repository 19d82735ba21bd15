using System.Globalization;
using Freshet.Broker.Cluster;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests;

/// <summary>Tells the settings of topics and of this broker, each with its value and where that comes from.</summary>
internal sealed class DescribeConfigsHandler(ClusterState cluster, BrokerOptions options) : RequestHandler<DescribeConfigsRequest>
{
    public override ApiKey Key => ApiKey.DescribeConfigs;

    public override short MinVersion => 1;

    public override short MaxVersion => 4;

    protected override ValueTask<IKafkaWritable?> HandleAsync(DescribeConfigsRequest request, RequestContext context, CancellationToken cancellation) =>
        new(new DescribeConfigsResponse([.. request.Resources.Select(resource => Describe(resource, request.IncludeSynonyms))]));

    private DescribedResource Describe(ConfigResource resource, bool synonyms) => resource.Type switch
    {
        ConfigResourceType.Topic when TopicName.Problem(resource.Name) is { } problem => Refused(resource, ErrorCode.InvalidTopicException, problem),
        ConfigResourceType.Topic => cluster.View.Find(resource.Name) is { } topic
            ? Found(resource, TopicConfigs(topic.Settings, synonyms))
            : Refused(resource, ErrorCode.UnknownTopicOrPartition, $"There is no topic '{resource.Name}'."),
        ConfigResourceType.Broker when resource.Name == options.BrokerId.ToString(CultureInfo.InvariantCulture) => Found(resource, BrokerConfigs.Of(options)),
        ConfigResourceType.Broker when resource.Name.Length == 0 => Found(resource, []), // Cluster-wide settings: none can be made.
        ConfigResourceType.Broker => Refused(resource, ErrorCode.InvalidRequest, $"This is broker {options.BrokerId}; ask broker '{resource.Name}' itself."),
        _ => Refused(resource, ErrorCode.InvalidRequest, $"Settings of resource type {(int)resource.Type} are not known."),
    };

    private static IEnumerable<DescribedConfig> TopicConfigs(TopicSettings settings, bool synonyms) => TopicSettingDefinition.All.Values.Select(definition =>
    {
        bool isSet = settings.Values.ContainsKey(definition.Name);
        ConfigSource source = isSet ? ConfigSource.Topic : ConfigSource.Default;
        var byDefault = new ConfigSynonym(definition.Name, definition.Default, ConfigSource.Default);
        ConfigSynonym[] behind = !synonyms ? [] : isSet ? [new ConfigSynonym(definition.Name, settings[definition.Name], source), byDefault] : [byDefault];
        return new DescribedConfig(definition.Name, settings[definition.Name], ReadOnly: false, source, definition.Type, behind);
    });

    private static DescribedResource Found(ConfigResource resource, IEnumerable<DescribedConfig> configs) => new(
        ErrorCode.None, null, resource.Type, resource.Name, [.. configs.Where(config => resource.Keys is null || resource.Keys.Contains(config.Name))]);

    private static DescribedResource Refused(ConfigResource resource, ErrorCode error, string message) => new(error, message, resource.Type, resource.Name, []);
}
