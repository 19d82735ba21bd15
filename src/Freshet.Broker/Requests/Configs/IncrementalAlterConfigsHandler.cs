using Freshet.Broker.Cluster.Configs;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Configs;

/// <summary>Changes single settings of topics, brokers and groups.</summary>
internal sealed class IncrementalAlterConfigsHandler(ConfigAdmin configs) : RequestHandler<IncrementalAlterConfigsRequest>
{
    public override ApiKey Key => ApiKey.IncrementalAlterConfigs;

    public override short MinVersion => 0;

    public override short MaxVersion => 1;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(IncrementalAlterConfigsRequest request, RequestContext context, CancellationToken cancellation) =>
        new AlterConfigsResponse(
            await AlterConfigsHandler.AlterAsync(configs, request.Resources, replaces: false, request.ValidateOnly, context, cancellation).ConfigureAwait(false));
}
