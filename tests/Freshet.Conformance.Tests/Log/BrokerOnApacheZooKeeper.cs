using Freshet.Conformance.Tests.Coordination;
using Freshet.Node;

namespace Freshet.Conformance.Tests.Log;

/// <summary>Freshet's broker with its topics and rules in Apache ZooKeeper, one for all cases of a class.</summary>
public sealed class BrokerOnApacheZooKeeper(ApacheZooKeeperServer zooKeeper) : IAsyncLifetime
{
    private FreshetNode? _node;

    /// <summary>Its node; skips the test when there is no ZooKeeper.</summary>
    public FreshetNode Required => _node ?? throw new InvalidOperationException($"The broker did not start on {zooKeeper.Required}.");

    public async ValueTask InitializeAsync()
    {
        if (zooKeeper.IsPresent)
        {
            _node = await GuardedFreshetBroker.StartAsync($"{zooKeeper.Required}/kafka-{Guid.NewGuid():N}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }
    }
}

public sealed class OnZooKeeperConfluentConformance(BrokerOnApacheZooKeeper broker) : ConfluentConformance, IClassFixture<BrokerOnApacheZooKeeper>
{
    protected override string BootstrapServers => broker.Required.BootstrapServersOf("PLAINTEXT");
}

public sealed class OnZooKeeperAccessConformance(BrokerOnApacheZooKeeper broker) : AccessConformance, IClassFixture<BrokerOnApacheZooKeeper>
{
    protected override string BootstrapServers => broker.Required.BootstrapServersOf("SASL_PLAINTEXT");
}
