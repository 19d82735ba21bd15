using Freshet.Conformance.Tests.Coordination.Recipes;
using Freshet.Tests.Support;

[assembly: AssemblyFixture(typeof(Freshet.Conformance.Tests.Coordination.ApacheZooKeeperServer))]
[assembly: AssemblyFixture(typeof(Freshet.Conformance.Tests.Coordination.ApacheZooKeeper38Server))]

namespace Freshet.Conformance.Tests.Coordination;

/// <summary>One release of Apache ZooKeeper for all classes: starting it takes seconds. Cases keep below znodes of their own.</summary>
public abstract class ApacheServer(ApacheRelease? release, string missing) : IAsyncLifetime
{
    private ApacheZooKeeper? _server;

    public bool IsPresent => _server is not null;

    /// <summary>Its address; skips the test when there is no server.</summary>
    public string Required
    {
        get
        {
            Assert.SkipWhen(_server is null, missing);
            return _server!.ConnectString;
        }
    }

    public async ValueTask InitializeAsync() => _server = release is null ? null : await ApacheZooKeeper.StartAsync(release);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}

/// <summary>The newest release at hand.</summary>
public sealed class ApacheZooKeeperServer() : ApacheServer(
    ApacheRelease.Newest, "Apache ZooKeeper is missing: this test would hold the suite against it.");

/// <summary>Debian's 3.8, beside a newer one.</summary>
public sealed class ApacheZooKeeper38Server() : ApacheServer(
    ApacheRelease.Peer is null ? null : ApacheRelease.Debian, "Debian's package zookeeper is missing, or the newest release at hand: this test would hold the suite against 3.8.");

public sealed class ApacheZooKeeperConformance(ApacheZooKeeperServer server) : CoordinationConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class ApacheZooKeeperSessionConformance(ApacheZooKeeperServer server) : SessionConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class ApacheZooKeeperRecipeConformance(ApacheZooKeeperServer server) : RecipeConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class ApacheZooKeeperAclConformance(ApacheZooKeeperServer server) : AclConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class ApacheZooKeeperPersistentWatchConformance(ApacheZooKeeperServer server) : PersistentWatchConformance
{
    protected override string ConnectString => server.Required;

    protected override bool Replays => false;
}

public sealed class ApacheZooKeeperWholeClientConformance(ApacheZooKeeperServer server) : WholeClientConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class ApacheZooKeeperSharedOwnershipConformance(ApacheZooKeeperServer server) : SharedOwnershipConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class ApacheZooKeeperBarrierConformance(ApacheZooKeeperServer server) : BarrierConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class ApacheZooKeeperGroupConformance(ApacheZooKeeperServer server) : GroupConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class ApacheZooKeeperCounterConformance(ApacheZooKeeperServer server) : CounterConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class ApacheZooKeeperQueueConformance(ApacheZooKeeperServer server) : QueueConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class ApacheZooKeeperConfigurationConformance(ApacheZooKeeperServer server) : ConfigurationConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class ApacheZooKeeper38Conformance(ApacheZooKeeper38Server server) : CoordinationConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class ApacheZooKeeper38SessionConformance(ApacheZooKeeper38Server server) : SessionConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class ApacheZooKeeper38RecipeConformance(ApacheZooKeeper38Server server) : RecipeConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class ApacheZooKeeper38AclConformance(ApacheZooKeeper38Server server) : AclConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class ApacheZooKeeper38PersistentWatchConformance(ApacheZooKeeper38Server server) : PersistentWatchConformance
{
    protected override string ConnectString => server.Required;

    protected override bool Replays => false;
}

public sealed class ApacheZooKeeper38WholeClientConformance(ApacheZooKeeper38Server server) : WholeClientConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class ApacheZooKeeper38SharedOwnershipConformance(ApacheZooKeeper38Server server) : SharedOwnershipConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class ApacheZooKeeper38BarrierConformance(ApacheZooKeeper38Server server) : BarrierConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class ApacheZooKeeper38GroupConformance(ApacheZooKeeper38Server server) : GroupConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class ApacheZooKeeper38CounterConformance(ApacheZooKeeper38Server server) : CounterConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class ApacheZooKeeper38QueueConformance(ApacheZooKeeper38Server server) : QueueConformance
{
    protected override string ConnectString => server.Required;
}

public sealed class ApacheZooKeeper38ConfigurationConformance(ApacheZooKeeper38Server server) : ConfigurationConformance
{
    protected override string ConnectString => server.Required;
}
