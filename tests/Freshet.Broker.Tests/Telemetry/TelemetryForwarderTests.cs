using Confluent.Kafka;
using Freshet.Node;
using Microsoft.AspNetCore.Http;
using ErrorCode = Freshet.Protocol.Kafka.ErrorCode;

namespace Freshet.Broker.Tests.Telemetry;

/// <summary>Clients' metrics on their way to a collector.</summary>
public sealed class TelemetryForwarderTests : IAsyncLifetime
{
    private Collector? _collector;
    private FreshetNode? _node;

    public async ValueTask InitializeAsync()
    {
        _collector = await Collector.StartAsync();
        _node = await FreshetNode.StartAsync(new FreshetNodeOptions { ConfigureBroker = broker => broker.ClientTelemetryEndpoint = _collector.Address }, new TestLog());
    }

    public async ValueTask DisposeAsync()
    {
        await _node!.DisposeAsync();
        await _collector!.DisposeAsync();
    }

    [Fact]
    public async Task Metrics_come_to_the_collector_with_who_sent_them()
    {
        using WireClient client = await WireClient.ConnectAsync(_node!);
        await client.IntroduceAsync("freshet-test", "1.2.3");
        Subscribed told = await client.SubscribedAsync();
        byte[] scope = Protobuf.Field(2, [1, 2, 3]);
        Assert.Equal(ErrorCode.None, await client.PushAsync(told, Protobuf.Field(1, scope)));
        (string path, string? type, byte[] body) = await _collector!.NextAsync();
        Assert.Equal(("/v1/metrics", "application/x-protobuf"), (path, type));
        byte[] resource = Assert.Single(Protobuf.Fields(body, 1));
        Assert.Equal([1, 2, 3], Assert.Single(Protobuf.Fields(resource, 2)));
        Dictionary<string, string> attributes = Protobuf.AttributesOf(resource);
        Assert.Equal(
            ["test", "freshet-test", "1.2.3", "127.0.0.1", "User:ANONYMOUS", "1"],
            new[] { "client_id", "client_software_name", "client_software_version", "client_source_address", "principal", "broker_id" }.Select(name => attributes[name]));
        Assert.Equal(22, attributes["client_instance_id"].Length);
    }

    [Theory]
    [InlineData(StatusCodes.Status503ServiceUnavailable, new byte[] { 1, 1, 2 })]
    [InlineData(StatusCodes.Status400BadRequest, new byte[] { 1, 2 })]
    public async Task What_the_collector_could_not_take_is_sent_again_and_what_it_refuses_is_not(int status, byte[] marks)
    {
        _collector!.FailOnce(status);
        var seen = new List<byte>();
        for (byte mark = 1; mark <= 2; mark++)
        {
            using WireClient client = await WireClient.ConnectAsync(_node!);
            Assert.Equal(ErrorCode.None, await client.PushAsync(await client.SubscribedAsync(), Protobuf.Field(1, Protobuf.Field(2, mark))));
            do
            {
                seen.AddRange(Protobuf.Fields((await _collector.NextAsync()).Body, 1).Select(resource => Protobuf.Fields(resource, 2)[0][0]));
            }
            while (mark == 1 && seen.Count < marks.Length - 1);
        }

        Assert.Equal(marks, seen);
    }

    [Fact]
    public async Task A_collector_that_is_away_holds_up_neither_clients_nor_the_end()
    {
        Collector collector = await Collector.StartAsync();
        Uri address = collector.Address;
        await collector.DisposeAsync();
        FreshetNode node = await FreshetNode.StartAsync(new FreshetNodeOptions { ConfigureBroker = broker => broker.ClientTelemetryEndpoint = address });
        using WireClient client = await WireClient.ConnectAsync(node);
        Assert.Equal(ErrorCode.None, await client.PushAsync(await client.SubscribedAsync(), Protobuf.Field(1)));
        Assert.Equal(ErrorCode.None, await client.PushAsync(await client.SubscribedAsync(), Protobuf.Field(1)));
        await node.DisposeAsync().AsTask().WaitAsync(KafkaClients.Patience);
    }

    [Fact]
    public async Task Confluents_client_sends_what_it_is_asked_for()
    {
        using WireClient operatorClient = await WireClient.ConnectAsync(_node!);
        await operatorClient.SubscribeAsync("all", ("metrics", "*"), ("interval.ms", "200"), ("match", "client_id=measured"));
        using IProducer<string, string> producer = _node!.Producer(config => (config.ClientId, config.EnableMetricsPush) = ("measured", true));
        await producer.ProduceAsync("t", new Message<string, string> { Value = "1" });
        byte[] resource = Protobuf.Fields((await _collector!.NextAsync()).Body, 1)[0];
        Dictionary<string, string> attributes = Protobuf.AttributesOf(resource);
        Assert.Equal("measured", attributes["client_id"]);
        Assert.Contains("confluent-kafka-dotnet", attributes["client_software_name"], StringComparison.Ordinal);
        Assert.Contains("org.apache.kafka.producer.", System.Text.Encoding.UTF8.GetString(resource), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("collector")]
    public async Task An_address_that_is_none_is_told_at_the_start(string address)
    {
        var options = new FreshetNodeOptions { ConfigureBroker = broker => broker.ClientTelemetryEndpoint = new Uri(address, UriKind.RelativeOrAbsolute) };
        var wrong = await Assert.ThrowsAsync<ArgumentException>(async () => await FreshetNode.StartAsync(options));
        Assert.Contains("ClientTelemetryEndpoint", wrong.Message, StringComparison.Ordinal);
    }
}
