using Freshet.Broker.Cluster;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Cluster;

/// <summary>Answers wishes to forget a broker. A broker's registration lasts as long as its session, so only living ones are there to forget.</summary>
internal sealed class UnregisterBrokerHandler(ClusterState cluster) : RequestHandler<UnregisterBrokerRequest>
{
    public override ApiKey Key => ApiKey.UnregisterBroker;

    public override short MinVersion => 0;

    public override short MaxVersion => 0;

    protected override ValueTask<IKafkaWritable?> HandleAsync(UnregisterBrokerRequest request, RequestContext context, CancellationToken cancellation) =>
        new(!context.AllowsCluster(AclOperation.Alter)
            ? new UnregisterBrokerResponse(ErrorCode.ClusterAuthorizationFailed, "Unregistering a broker needs the right to alter the cluster.")
            : cluster.View.FindBroker(request.BrokerId) is not null
            ? new UnregisterBrokerResponse(ErrorCode.InvalidRequest, $"Broker {request.BrokerId} runs. Its registration goes by itself when it stops.")
            : new UnregisterBrokerResponse(ErrorCode.BrokerIdNotRegistered, $"Broker {request.BrokerId} is not registered."));
}
