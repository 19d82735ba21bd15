using Freshet.Node;

namespace Freshet.Conformance.Tests.Log.Wire;

/// <summary>Answers to requests in bytes, the same from Freshet and from Apache Kafka but where a talk says otherwise; <c>README.md</c> has more.</summary>
public abstract class WireConformance
{
    /// <summary>Each case of each file.</summary>
    public static TheoryData<string, string> Talks { get; } = ReadTalks();

    protected abstract string BootstrapServers { get; }

    /// <summary>Which of a talk's answers are this broker's, where the two differ.</summary>
    protected abstract string Broker { get; }

    [Theory]
    [MemberData(nameof(Talks))]
    public async Task Answers_are_as_written(string file, string title)
    {
        Transcript talk = Transcript.ReadAll(file).Single(talk => talk.Title == title);
        using var server = new WireServer(BootstrapServers);
        string[] played = await talk.PlayAsync(server, Broker);
        Assert.Equal(string.Join('\n', talk.Of(Broker)), string.Join('\n', played));
    }

    private static TheoryData<string, string> ReadTalks()
    {
        var talks = new TheoryData<string, string>();
        foreach (string file in Directory.GetFiles(Transcript.Folder, "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)).Where(file => file != "shapes").Order())
        {
            foreach (Transcript talk in Transcript.ReadAll(file))
            {
                talks.Add(talk.File, talk.Title);
            }
        }

        return talks;
    }
}

public sealed class FreshetWireConformance(WireFreshetBroker broker) : WireConformance, IClassFixture<WireFreshetBroker>
{
    protected override string BootstrapServers => broker.BootstrapServers;

    protected override string Broker => "freshet";
}

public sealed class ApacheKafkaWireConformance(ApacheKafkaBroker broker) : WireConformance
{
    protected override string BootstrapServers => broker.Required;

    protected override string Broker => "apache";
}

/// <summary>Freshet's broker under the number and with the heartbeats that Apache Kafka has, so that their answers can be the same.</summary>
public sealed class WireFreshetBroker : IAsyncLifetime
{
    private FreshetNode? _node;

    public string BootstrapServers => _node!.BootstrapServers!;

    public async ValueTask InitializeAsync() => _node = await FreshetNode.StartAsync(new FreshetNodeOptions
    {
        ConfigureBroker = broker =>
        {
            broker.BrokerId = 0;
            broker.GroupConsumerHeartbeatInterval = TimeSpan.FromSeconds(5);
        },
    });

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }
    }
}
