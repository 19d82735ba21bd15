using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Cluster.Brokers;

/// <summary>A registered broker, and where it is reached by the name of the listener.</summary>
internal sealed record LivingBroker(int Id, IReadOnlyDictionary<string, BrokerEndpoint> Endpoints)
{
    /// <summary>Its address on a listener; null when it has none of that name.</summary>
    public BrokerEndpoint? On(BrokerListener listener) => Endpoints.GetValueOrDefault(listener.Name);
}
