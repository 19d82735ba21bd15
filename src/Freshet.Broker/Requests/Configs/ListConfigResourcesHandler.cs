using System.Globalization;
using Freshet.Broker.Cluster;
using Freshet.Broker.Groups.Settings;
using Freshet.Broker.Telemetry;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Configs;

/// <summary>Lists topics and brokers as things that have settings, and groups and subscriptions to clients' metrics that have some.</summary>
internal sealed class ListConfigResourcesHandler(ClusterState cluster, GroupSettings groups, MetricsSubscriptions subscriptions) : RequestHandler<ListConfigResourcesRequest>
{
    private static readonly ConfigResourceType[] Listed = [ConfigResourceType.Topic, ConfigResourceType.Broker, ConfigResourceType.BrokerLogger, ConfigResourceType.ClientMetrics, ConfigResourceType.Group];

    public override ApiKey Key => ApiKey.ListConfigResources;

    public override short MinVersion => 0;

    public override short MaxVersion => 1;

    protected override ValueTask<IKafkaWritable?> HandleAsync(ListConfigResourcesRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (!context.AllowsCluster(AclOperation.DescribeConfigs))
        {
            return new(new ListConfigResourcesResponse(ErrorCode.ClusterAuthorizationFailed, []));
        }

        IEnumerable<ConfigResourceType> types = request.Types.Count == 0 ? Listed : request.Types.Distinct();
        return new(types.All(Listed.Contains)
            ? new ListConfigResourcesResponse(ErrorCode.None, [.. types.SelectMany(Of)])
            : new ListConfigResourcesResponse(ErrorCode.UnsupportedVersion, []));
    }

    private IEnumerable<ListedConfigResource> Of(ConfigResourceType type) => type switch
    {
        ConfigResourceType.Topic => cluster.View.Topics.Keys.Select(name => new ListedConfigResource(name, type)),
        ConfigResourceType.Broker or ConfigResourceType.BrokerLogger =>
            cluster.View.Brokers.Select(broker => new ListedConfigResource(broker.Id.ToString(CultureInfo.InvariantCulture), type)),
        ConfigResourceType.ClientMetrics => subscriptions.Names.Select(name => new ListedConfigResource(name, type)),
        ConfigResourceType.Group => groups.Groups.Select(id => new ListedConfigResource(id, type)),
        _ => [],
    };
}
