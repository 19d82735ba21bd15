using Freshet.Conformance.Tests.Coordination.Recipes;
using Freshet.Node;

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

public sealed class FreshetCoordinationConformance(FreshetCoordinationServer server) : CoordinationConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;
}

public sealed class FreshetCoordinationSessionConformance(FreshetCoordinationServer server) : SessionConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;
}

public sealed class FreshetCoordinationRecipeConformance(FreshetCoordinationServer server) : RecipeConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;
}

public sealed class FreshetCoordinationAclConformance(FreshetCoordinationServer server) : AclConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;
}

public sealed class FreshetCoordinationPersistentWatchConformance(FreshetCoordinationServer server) : PersistentWatchConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;

    protected override bool Replays => true;
}

public sealed class FreshetCoordinationWholeClientConformance(FreshetCoordinationServer server) : WholeClientConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;
}

public sealed class FreshetCoordinationSharedOwnershipConformance(FreshetCoordinationServer server) : SharedOwnershipConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;
}

public sealed class FreshetCoordinationBarrierConformance(FreshetCoordinationServer server) : BarrierConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;
}

public sealed class FreshetCoordinationGroupConformance(FreshetCoordinationServer server) : GroupConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;
}

public sealed class FreshetCoordinationCounterConformance(FreshetCoordinationServer server) : CounterConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;
}

public sealed class FreshetCoordinationQueueConformance(FreshetCoordinationServer server) : QueueConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;
}

public sealed class FreshetCoordinationConfigurationConformance(FreshetCoordinationServer server) : ConfigurationConformance, IClassFixture<FreshetCoordinationServer>
{
    protected override string ConnectString => server.ConnectString;
}
