using Freshet.Broker;
using Freshet.Node;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Log;

/// <summary>Freshet's broker with rules, for all cases of a class.</summary>
public sealed class GuardedFreshetBroker : IAsyncLifetime
{
    private FreshetNode? _node;

    public string Bootstrap => _node!.BootstrapServersOf("PLAINTEXT");

    public string SaslBootstrap => _node!.BootstrapServersOf("SASL_PLAINTEXT");

    /// <param name="coordination">An existing coordination service; null for the node's own.</param>
    public static async Task<FreshetNode> StartAsync(string? coordination)
    {
        var options = new FreshetNodeOptions
        {
            Coordination = coordination is null,
            CoordinationConnectString = coordination,
            ConfigureBroker = broker =>
            {
                broker.Authorizer = new AuthorizerOptions { IsOn = true, SuperUsers = ["User:admin", "User:ANONYMOUS"] };
                broker.Sasl = new SaslOptions
                {
                    Mechanisms = [SaslOptions.Plain, SaslOptions.ScramSha256, SaslOptions.ScramSha512],
                    PlainUsers = new Dictionary<string, string> { ["admin"] = "admin", ["user"] = "user" },
                };
            },
        };
        options.KafkaListeners.Add(new KafkaListener());
        options.KafkaListeners.Add(new KafkaListener { Name = "SASL_PLAINTEXT", Protocol = SecurityProtocol.SaslPlaintext });
        return await FreshetNode.StartAsync(options);
    }

    public async ValueTask InitializeAsync() => _node = await StartAsync(coordination: null);

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }
    }
}

/// <summary>Apache Kafka with rules where there is one, for all cases of a class.</summary>
public sealed class GuardedApacheKafka : IAsyncLifetime
{
    private ApacheKafka? _server;

    /// <summary>It; skips the test when there is none.</summary>
    public ApacheKafka Required
    {
        get
        {
            Assert.SkipWhen(_server is null, "Apache Kafka is missing: this test would hold the suite against it.");
            return _server!;
        }
    }

    public async ValueTask InitializeAsync() => _server = ApacheKafka.IsPresent ? await ApacheKafka.StartAsync(withRules: true) : null;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}

public sealed class FreshetAccessConformance(GuardedFreshetBroker broker) : AccessConformance, IClassFixture<GuardedFreshetBroker>
{
    protected override string BootstrapServers => broker.SaslBootstrap;
}

public sealed class ApacheKafkaAccessConformance(GuardedApacheKafka broker) : AccessConformance, IClassFixture<GuardedApacheKafka>
{
    protected override string BootstrapServers => broker.Required.SaslBootstrapServers;
}
