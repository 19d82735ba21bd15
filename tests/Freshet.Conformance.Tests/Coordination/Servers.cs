using Freshet.Node;
using Freshet.Tests.Support;

[assembly: AssemblyFixture(typeof(Freshet.Conformance.Tests.Coordination.ApacheZooKeeperServer))]

namespace Freshet.Conformance.Tests.Coordination;

/// <summary>Freshet's coordination server, one for all cases.</summary>
public sealed class FreshetCoordinationServer : IAsyncLifetime
{
    private FreshetNode? _node;

    public string ConnectString => _node!.CoordinationConnectString!;

    public async ValueTask InitializeAsync() => _node = await FreshetNode.StartAsync(new FreshetNodeOptions { Broker = false });

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }
    }
}

/// <summary>Apache ZooKeeper where there is one, one for all classes: starting it takes seconds. Cases keep below znodes of their own.</summary>
public sealed class ApacheZooKeeperServer : IAsyncLifetime
{
    private ApacheZooKeeper? _server;

    /// <summary>Its address; skips the test when there is no server.</summary>
    public string Required
    {
        get
        {
            Assert.SkipWhen(_server is null, "Apache ZooKeeper is missing: this test would hold the suite against it.");
            return _server!.ConnectString;
        }
    }

    public async ValueTask InitializeAsync() => _server = ApacheZooKeeper.IsPresent ? await ApacheZooKeeper.StartAsync() : null;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}

public sealed class FreshetCoordinationConformance(FreshetCoordinationServer server) : CoordinationConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;
}

public sealed class ApacheZooKeeperConformance(ApacheZooKeeperServer server) : CoordinationConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class FreshetCoordinationSessionConformance(FreshetCoordinationServer server) : SessionConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;
}

public sealed class ApacheZooKeeperSessionConformance(ApacheZooKeeperServer server) : SessionConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class FreshetCoordinationRecipeConformance(FreshetCoordinationServer server) : RecipeConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;
}

public sealed class ApacheZooKeeperRecipeConformance(ApacheZooKeeperServer server) : RecipeConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class FreshetCoordinationAclConformance(FreshetCoordinationServer server) : AclConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;
}

public sealed class ApacheZooKeeperAclConformance(ApacheZooKeeperServer server) : AclConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class FreshetCoordinationPersistentWatchConformance(FreshetCoordinationServer server) : PersistentWatchConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;

    protected override bool Replays => true;
}

public sealed class ApacheZooKeeperPersistentWatchConformance(ApacheZooKeeperServer server) : PersistentWatchConformance
{
    protected override string ConnectString => server.Required;

    protected override bool Replays => false;
}

public sealed class FreshetCoordinationWholeClientConformance(FreshetCoordinationServer server) : WholeClientConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;
}

public sealed class ApacheZooKeeperWholeClientConformance(ApacheZooKeeperServer server) : WholeClientConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class FreshetCoordinationSharedOwnershipConformance(FreshetCoordinationServer server) : SharedOwnershipConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;
}

public sealed class ApacheZooKeeperSharedOwnershipConformance(ApacheZooKeeperServer server) : SharedOwnershipConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class FreshetCoordinationBarrierConformance(FreshetCoordinationServer server) : BarrierConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;
}

public sealed class ApacheZooKeeperBarrierConformance(ApacheZooKeeperServer server) : BarrierConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class FreshetCoordinationGroupConformance(FreshetCoordinationServer server) : GroupConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;
}

public sealed class ApacheZooKeeperGroupConformance(ApacheZooKeeperServer server) : GroupConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class FreshetCoordinationCounterConformance(FreshetCoordinationServer server) : CounterConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;
}

public sealed class ApacheZooKeeperCounterConformance(ApacheZooKeeperServer server) : CounterConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class FreshetCoordinationQueueConformance(FreshetCoordinationServer server) : QueueConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;
}

public sealed class ApacheZooKeeperQueueConformance(ApacheZooKeeperServer server) : QueueConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class FreshetCoordinationConfigurationConformance(FreshetCoordinationServer server) : ConfigurationConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;
}

public sealed class ApacheZooKeeperConfigurationConformance(ApacheZooKeeperServer server) : ConfigurationConformance
{
    protected override string ConnectString => server.Required;
}
