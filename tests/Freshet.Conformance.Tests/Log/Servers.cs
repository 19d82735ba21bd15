using Freshet.Node;
using Freshet.Tests.Support;

[assembly: AssemblyFixture(typeof(Freshet.Conformance.Tests.Log.ApacheKafkaBroker))]

namespace Freshet.Conformance.Tests.Log;

/// <summary>Freshet's broker, one for all cases of a class.</summary>
public sealed class FreshetBroker : IAsyncLifetime
{
    private FreshetNode? _node;

    public string BootstrapServers => _node!.BootstrapServers!;

    public async ValueTask InitializeAsync() => _node = await FreshetNode.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }
    }
}

/// <summary>Apache Kafka where there is one, one for all classes: starting it takes seconds. Cases use topics and groups of their own.</summary>
public sealed class ApacheKafkaBroker : IAsyncLifetime
{
    private ApacheKafka? _server;

    /// <summary>Its address; skips the test when there is no server.</summary>
    public string Required
    {
        get
        {
            Assert.SkipWhen(_server is null, "Apache Kafka is missing: this test would hold the suite against it.");
            return _server!.BootstrapServers;
        }
    }

    public async ValueTask InitializeAsync() => _server = ApacheKafka.IsPresent ? await ApacheKafka.StartAsync() : null;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}

public sealed class FreshetConfluentConformance(FreshetBroker broker) : ConfluentConformance, IClassFixture<FreshetBroker>
{
    protected override string BootstrapServers => broker.BootstrapServers;
}

public sealed class ApacheKafkaConfluentConformance(ApacheKafkaBroker broker) : ConfluentConformance
{
    protected override string BootstrapServers => broker.Required;
}

public sealed class FreshetToolConformance(FreshetBroker broker) : ToolConformance, IClassFixture<FreshetBroker>
{
    protected override string BootstrapServers => broker.BootstrapServers;
}

public sealed class ApacheKafkaToolConformance(ApacheKafkaBroker broker) : ToolConformance
{
    protected override string BootstrapServers => broker.Required;
}

public sealed class FreshetOperatorToolConformance(FreshetBroker broker) : OperatorToolConformance, IClassFixture<FreshetBroker>
{
    protected override string BootstrapServers => broker.BootstrapServers;
}

public sealed class ApacheKafkaOperatorToolConformance(ApacheKafkaBroker broker) : OperatorToolConformance
{
    protected override string BootstrapServers => broker.Required;
}

public sealed class FreshetConfigResourceConformance(FreshetBroker broker) : ConfigResourceConformance, IClassFixture<FreshetBroker>
{
    protected override string BootstrapServers => broker.BootstrapServers;
}

public sealed class ApacheKafkaConfigResourceConformance(ApacheKafkaBroker broker) : ConfigResourceConformance
{
    protected override string BootstrapServers => broker.Required;
}

public sealed class FreshetCommandConformance(FreshetBroker broker) : CommandConformance, IClassFixture<FreshetBroker>
{
    protected override string BootstrapServers => broker.BootstrapServers;
}

public sealed class ApacheKafkaCommandConformance(ApacheKafkaBroker broker) : CommandConformance
{
    protected override string BootstrapServers => broker.Required;
}

public sealed class FreshetTransactionConformance(FreshetBroker broker) : TransactionConformance, IClassFixture<FreshetBroker>
{
    protected override string BootstrapServers => broker.BootstrapServers;
}

public sealed class ApacheKafkaTransactionConformance(ApacheKafkaBroker broker) : TransactionConformance
{
    protected override string BootstrapServers => broker.Required;
}

public sealed class FreshetClientConformance(FreshetBroker broker) : ClientConformance, IClassFixture<FreshetBroker>
{
    protected override string BootstrapServers => broker.BootstrapServers;
}

public sealed class ApacheKafkaClientConformance(ApacheKafkaBroker broker) : ClientConformance
{
    protected override string BootstrapServers => broker.Required;
}
