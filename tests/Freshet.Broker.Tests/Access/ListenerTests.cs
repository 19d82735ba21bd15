using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Freshet.Node;
using Freshet.Node.Tls;

namespace Freshet.Broker.Tests.Access;

public sealed class ListenerTests : IDisposable
{
    private readonly TlsFolder _tls = new();

    [Fact]
    public async Task Clients_are_told_addresses_of_the_listener_they_came_in_on()
    {
        await using FreshetNode node = await StartAsync(new KafkaListener { Name = "INSIDE" }, new KafkaListener { Name = "OUTSIDE", AdvertisedHost = "localhost" });
        foreach (string listener in (string[])["INSIDE", "OUTSIDE"])
        {
            IPEndPoint bound = IPEndPoint.Parse(node.BootstrapServersOf(listener));
            using IAdminClient admin = Admin(node.BootstrapServersOf(listener));
            string expected = listener == "INSIDE" ? "127.0.0.1" : "localhost";
            BrokerMetadata told = Assert.Single(admin.GetMetadata(KafkaClients.Patience).Brokers);
            Assert.Equal((expected, bound.Port), (told.Host, told.Port));
            Confluent.Kafka.Node described = Assert.Single((await admin.DescribeClusterAsync()).Nodes);
            Assert.Equal((expected, bound.Port), (described.Host, described.Port));
        }
    }

    [Fact]
    public async Task A_group_is_consumed_over_the_second_listener()
    {
        await using FreshetNode node = await StartAsync(new KafkaListener { Name = "INSIDE" }, new KafkaListener { Name = "OUTSIDE" });
        using IProducer<string, string> producer = node.Producer();
        await producer.ProduceAsync("t", new Message<string, string> { Value = "v" });
        using IConsumer<string, string> consumer = node.Consumer("g", config => config.BootstrapServers = node.BootstrapServersOf("OUTSIDE"));
        consumer.Subscribe("t");
        Assert.Equal("v", consumer.Take(1)[0].Message.Value);
    }

    [Fact]
    public async Task Records_go_over_TLS_beside_a_plain_listener()
    {
        await using FreshetNode node = await StartAsync(
            new KafkaListener { Name = "PLAINTEXT" }, new KafkaListener { Name = "SSL", Protocol = SecurityProtocol.Ssl, Tls = _tls.Options() });
        using IProducer<string, string> producer = node.Producer(config =>
        {
            config.BootstrapServers = node.BootstrapServersOf("SSL");
            _tls.Trust(config);
        });
        await producer.ProduceAsync("t", new Message<string, string> { Value = "over TLS" });
        using IConsumer<string, string> consumer = node.Consumer("g");
        consumer.Subscribe("t");
        Assert.Equal("over TLS", consumer.Take(1)[0].Message.Value);
    }

    [Fact]
    public async Task A_client_is_named_by_its_certificate()
    {
        await using FreshetNode node = await StartAsync(
            options =>
            {
                options.CertificatePrincipalRules = "RULE:CN=([^,]*).*/$1/L";
                options.Authorizer = new AuthorizerOptions { IsOn = true, SuperUsers = ["User:alice"] };
            },
            new KafkaListener { Name = "SSL", Protocol = SecurityProtocol.Ssl, Tls = _tls.Options(ClientCertificates.Want) });
        using IAdminClient alice = Admin(node.BootstrapServers!, config => _tls.Identify(config, "Alice"));
        await alice.CreateTopicsAsync([new TopicSpecification { Name = "t", NumPartitions = 1, ReplicationFactor = 1 }]);
        Assert.Single(alice.GetMetadata(KafkaClients.Patience).Topics);
        using IAdminClient bob = Admin(node.BootstrapServers!, config => _tls.Identify(config, "Bob"));
        Assert.Empty(bob.GetMetadata(KafkaClients.Patience).Topics);
        using IAdminClient nobody = Admin(node.BootstrapServers!, _tls.Trust);
        Assert.Empty(nobody.GetMetadata(KafkaClients.Patience).Topics);
    }

    [Fact]
    public async Task A_new_certificate_is_used_without_a_restart()
    {
        await using FreshetNode node = await StartAsync(new KafkaListener { Name = "SSL", Protocol = SecurityProtocol.Ssl, Tls = _tls.Options() });
        Assert.Equal("CN=broker", await SubjectAsync(node));
        _tls.WriteServer("a newer one");
        Assert.Equal("CN=a newer one", await SubjectAsync(node));
    }

    [Fact]
    public async Task A_listener_with_TLS_needs_a_certificate()
    {
        ArgumentException wrong = await Assert.ThrowsAsync<ArgumentException>(
            async () => await StartAsync(new KafkaListener { Name = "SSL", Protocol = SecurityProtocol.Ssl }));
        Assert.Contains("needs a certificate", wrong.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _tls.Dispose();

    private static ValueTask<FreshetNode> StartAsync(params KafkaListener[] listeners) => StartAsync(_ => { }, listeners);

    private static ValueTask<FreshetNode> StartAsync(Action<BrokerOptions> configure, params KafkaListener[] listeners)
    {
        var options = new FreshetNodeOptions { ConfigureBroker = configure };
        Array.ForEach(listeners, options.KafkaListeners.Add);
        return FreshetNode.StartAsync(options, new TestLog());
    }

    private static IAdminClient Admin(string address, Action<ClientConfig>? configure = null)
    {
        var config = new AdminClientConfig { BootstrapServers = address };
        configure?.Invoke(config);
        return new AdminClientBuilder(config).Build();
    }

    private static async Task<string> SubjectAsync(FreshetNode node)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(node.BootstrapServers!));
        string subject = "";
        await using var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) =>
        {
            subject = certificate?.Subject ?? "";
            return certificate is not null;
        });
        await stream.AuthenticateAsClientAsync("127.0.0.1");
        return subject;
    }
}
