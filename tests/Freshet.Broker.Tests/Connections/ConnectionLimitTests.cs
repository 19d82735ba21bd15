using System.Net;
using Freshet.Node;
using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Tests.Connections;

public class ConnectionLimitTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connections_beyond_the_limit_are_closed_until_others_leave(bool perAddress)
    {
        await using FreshetNode node = await StartAsync(options => _ = perAddress ? options.MaxConnectionsPerAddress = 2 : options.MaxConnections = 2);
        using RawConnection first = await RawConnection.OpenAsync(node.BootstrapServers!);
        using (RawConnection second = await RawConnection.OpenAsync(node.BootstrapServers!))
        {
            Assert.True(await IsServedAsync(first));
            Assert.True(await IsServedAsync(second));
            using RawConnection third = await RawConnection.OpenAsync(node.BootstrapServers!);
            Assert.False(await IsServedAsync(third));
        }

        await UntilServedAsync(node);
    }

    [Fact]
    public async Task An_address_may_have_a_limit_of_its_own()
    {
        await using FreshetNode node = await StartAsync(options => (options.MaxConnectionsPerAddress, options.MaxConnectionsByAddress[IPAddress.Loopback]) = (0, 1));
        using RawConnection first = await RawConnection.OpenAsync(node.BootstrapServers!);
        Assert.True(await IsServedAsync(first));
        using RawConnection second = await RawConnection.OpenAsync(node.BootstrapServers!);
        Assert.False(await IsServedAsync(second));
    }

    [Fact]
    public async Task A_listener_that_is_full_leaves_room_on_another()
    {
        var options = new FreshetNodeOptions { ConfigureBroker = broker => broker.PerListener["crowded"] = new ListenerOptions { MaxConnections = 1 } };
        options.KafkaListeners.Add(new KafkaListener { Name = "CROWDED" });
        options.KafkaListeners.Add(new KafkaListener { Name = "QUIET" });
        await using FreshetNode node = await FreshetNode.StartAsync(options, new TestLog());
        using RawConnection first = await RawConnection.OpenAsync(node.BootstrapServersOf("CROWDED"));
        Assert.True(await IsServedAsync(first));
        using RawConnection second = await RawConnection.OpenAsync(node.BootstrapServersOf("CROWDED"));
        Assert.False(await IsServedAsync(second));
        using RawConnection quiet = await RawConnection.OpenAsync(node.BootstrapServersOf("QUIET"));
        Assert.True(await IsServedAsync(quiet));
    }

    [Fact]
    public async Task Those_who_have_not_authenticated_are_counted_apart()
    {
        await using FreshetNode node = await StartAsync(options => options.Sasl = new SaslOptions
        {
            Mechanisms = [SaslOptions.Plain],
            PlainUsers = new Dictionary<string, string> { ["a"] = "b" },
            MaxConnections = 1,
        }, SecurityProtocol.SaslPlaintext);
        using RawConnection first = await RawConnection.OpenAsync(node.BootstrapServers!);
        Assert.True(await IsServedAsync(first));
        using RawConnection second = await RawConnection.OpenAsync(node.BootstrapServers!);
        Assert.False(await IsServedAsync(second));
        await first.AskAsync(ApiKey.SaslHandshake, 1, (ref KafkaWriter writer) => writer.WriteString(SaslOptions.Plain));
        await first.AskAsync(ApiKey.SaslAuthenticate, 1, (ref KafkaWriter writer) => writer.WriteBytes("\0a\0b"u8));
        await UntilServedAsync(node);
        Assert.True(await IsServedAsync(first));
    }

    [Fact]
    public async Task Who_does_not_authenticate_in_time_is_closed()
    {
        await using FreshetNode node = await StartAsync(options => options.Sasl.Timeout = TimeSpan.FromMilliseconds(50), SecurityProtocol.SaslPlaintext);
        using RawConnection client = await RawConnection.OpenAsync(node.BootstrapServers!);
        Assert.Null(await client.ReceiveAsync());
    }

    [Fact]
    public async Task Who_asks_nothing_for_too_long_is_closed()
    {
        await using FreshetNode node = await StartAsync(options => options.MaxConnectionIdle = TimeSpan.FromMilliseconds(50));
        using RawConnection client = await RawConnection.OpenAsync(node.BootstrapServers!);
        Assert.Null(await client.ReceiveAsync());
    }

    private static async Task UntilServedAsync(FreshetNode node)
    {
        using var patience = new CancellationTokenSource(KafkaClients.Patience);
        bool isServed = false;
        while (!isServed)
        {
            patience.Token.ThrowIfCancellationRequested();
            using RawConnection next = await RawConnection.OpenAsync(node.BootstrapServers!);
            isServed = await IsServedAsync(next);
        }
    }

    private static async Task<bool> IsServedAsync(RawConnection client) => await client.AskAsync(ApiKey.ApiVersions, 0, (ref KafkaWriter _) => { }) is not null;

    private static ValueTask<FreshetNode> StartAsync(Action<BrokerOptions> configure, SecurityProtocol protocol = SecurityProtocol.Plaintext)
    {
        var options = new FreshetNodeOptions { ConfigureBroker = configure };
        options.KafkaListeners.Add(new KafkaListener { Protocol = protocol });
        return FreshetNode.StartAsync(options, new TestLog());
    }
}
