using System.Collections.Immutable;
using Freshet.Broker.Cluster.Brokers;
using Freshet.Broker.Cluster.Topics;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Cluster;

/// <summary>Brokers and topics at one moment. Never changes; readers keep one for the length of a request.</summary>
/// <param name="Brokers">Those that live, by id.</param>
internal sealed record ClusterView(IReadOnlyList<LivingBroker> Brokers, ImmutableSortedDictionary<string, Topic> Topics)
{
    public static ClusterView Empty { get; } = new([], ImmutableSortedDictionary.Create<string, Topic>(StringComparer.Ordinal));

    private ImmutableDictionary<Guid, Topic> ById { get; init; } = ImmutableDictionary<Guid, Topic>.Empty;

    public Topic? Find(string name) => Topics.GetValueOrDefault(name);

    public Topic? Find(Guid id) => ById.GetValueOrDefault(id);

    /// <summary>The living broker of an id, or null.</summary>
    public LivingBroker? FindBroker(int id)
    {
        foreach (LivingBroker broker in Brokers)
        {
            if (broker.Id == id)
            {
                return broker;
            }
        }

        return null;
    }

    /// <summary>The broker that leads a partition: the first of its replicas that lives, or null.</summary>
    public int? LeaderOf(Topic topic, int partition)
    {
        foreach (int replica in topic.Replicas[partition])
        {
            if (FindBroker(replica) is not null)
            {
                return replica;
            }
        }

        return null;
    }

    /// <summary>The living brokers that a client of this listener can reach, with their addresses there.</summary>
    public BrokerEndpoint[] EndpointsOn(BrokerListener listener) => [.. Brokers.Select(broker => broker.On(listener)).OfType<BrokerEndpoint>()];

    public ClusterView WithBrokers(IEnumerable<LivingBroker> brokers)
    {
        LivingBroker[] byId = [.. brokers];
        Array.Sort(byId, (one, other) => one.Id.CompareTo(other.Id));
        return this with { Brokers = byId };
    }

    public ClusterView With(Topic topic)
    {
        ClusterView without = Without(topic.Name);
        return without with { Topics = without.Topics.Add(topic.Name, topic), ById = without.ById.SetItem(topic.Id, topic) };
    }

    public ClusterView Without(string name) => Find(name) is { } old
        ? this with { Topics = Topics.Remove(name), ById = ById.Remove(old.Id) }
        : this;
}
