using Freshet.Broker.Cluster.Configs;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Configs;

/// <summary>Replaces all settings of topics, brokers and groups.</summary>
internal sealed class AlterConfigsHandler(ConfigAdmin configs) : RequestHandler<AlterConfigsRequest>
{
    public override ApiKey Key => ApiKey.AlterConfigs;

    public override short MinVersion => 0;

    public override short MaxVersion => 2;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(AlterConfigsRequest request, RequestContext context, CancellationToken cancellation) =>
        new AlterConfigsResponse(await AlterAsync(configs, request.Resources, replaces: true, request.ValidateOnly, context, cancellation).ConfigureAwait(false));

    /// <summary>Changes each resource that the client may change.</summary>
    public static async ValueTask<IReadOnlyList<AlteredResource>> AlterAsync(
        ConfigAdmin configs, AlteredConfigs[] resources, bool replaces, bool validateOnly, RequestContext context, CancellationToken cancellation)
    {
        var altered = new List<AlteredResource>();
        foreach (IGrouping<(ConfigResourceType, string), AlteredConfigs> same in resources.GroupBy(resource => (resource.Type, resource.Name)))
        {
            AlteredConfigs wanted = same.First();
            altered.Add(
                Denied(wanted.Type, wanted.Name, context) is var denied and not ErrorCode.None ? new AlteredResource(denied, null, wanted.Type, wanted.Name)
                : same.Count() > 1 ? new AlteredResource(ErrorCode.InvalidRequest, "The request names the resource more than once.", wanted.Type, wanted.Name)
                : await configs.AlterAsync(wanted, replaces, validateOnly, cancellation).ConfigureAwait(false));
        }

        return altered;
    }

    private static ErrorCode Denied(ConfigResourceType type, string name, RequestContext context) => type switch
    {
        ConfigResourceType.Topic => context.AllowsTopic(AclOperation.AlterConfigs, name) ? ErrorCode.None : ErrorCode.TopicAuthorizationFailed,
        ConfigResourceType.Group => context.AllowsGroup(AclOperation.AlterConfigs, name) ? ErrorCode.None : ErrorCode.GroupAuthorizationFailed,
        _ => context.AllowsCluster(AclOperation.AlterConfigs) ? ErrorCode.None : ErrorCode.ClusterAuthorizationFailed,
    };
}
