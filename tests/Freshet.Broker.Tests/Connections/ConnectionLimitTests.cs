using System.Net;
using Freshet.Broker.Cluster.Configs;
using Freshet.Broker.Connections;
using Freshet.Node;
using Freshet.Protocol.Kafka;
using Microsoft.Extensions.Time.Testing;

namespace Freshet.Broker.Tests.Connections;

public class ConnectionLimitTests
{
    private static readonly Dictionary<string, string> NothingSet = [];

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
    public void New_connections_beyond_the_rate_of_their_listener_or_of_the_broker_wait()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var options = new BrokerOptions { DataDirectory = "", MaxConnectionCreationRate = 3 };
        options.PerListener["slow"] = new ListenerOptions { MaxConnectionCreationRate = 1 };
        var settings = new ConnectionSettings(NothingSet, NothingSet, options);
        var rates = new ConnectionRates(() => settings, time);
        var slow = new BrokerListener("SLOW", SecurityProtocol.Plaintext, "127.0.0.1", 1);
        var other = new BrokerListener("OTHER", SecurityProtocol.Plaintext, "127.0.0.1", 2);
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(TimeSpan.Zero, rates.Take(slow)));
        Assert.Equal(TimeSpan.FromSeconds(1), rates.Take(slow));
        Assert.All(Enumerable.Range(0, 19), _ => Assert.Equal(TimeSpan.Zero, rates.Take(other)));
        Assert.True(rates.Take(other) > TimeSpan.Zero, "The broker took thirty connections in ten seconds before.");
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(TimeSpan.Zero, rates.Take(slow));
    }

    [Fact]
    public void A_rate_that_is_set_later_counts_what_came_before()
    {
        var options = new BrokerOptions { DataDirectory = "" };
        var settings = new ConnectionSettings(NothingSet, NothingSet, options);
        var rates = new ConnectionRates(() => settings, new FakeTimeProvider(DateTimeOffset.UnixEpoch));
        var listener = new BrokerListener("IN", SecurityProtocol.Plaintext, "127.0.0.1", 1);
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(TimeSpan.Zero, rates.Take(listener)));
        settings = new ConnectionSettings(new Dictionary<string, string> { ["max.connection.creation.rate"] = "1" }, NothingSet, options);
        Assert.Equal(TimeSpan.FromSeconds(11), rates.Take(listener));
        settings = new ConnectionSettings(NothingSet, new Dictionary<string, string> { ["listener.name.in.max.connection.creation.rate"] = "2" }, options);
        Assert.Equal(TimeSpan.FromSeconds(1), rates.Take(listener));
        settings = new ConnectionSettings(NothingSet, NothingSet, options);
        Assert.Equal(TimeSpan.Zero, rates.Take(listener));
    }

    [Fact]
    public async Task A_connection_that_waits_for_its_turn_is_served()
    {
        await using FreshetNode node = await StartAsync(options => options.MaxConnectionCreationRate = 1);
        RawConnection[] connections = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => RawConnection.OpenAsync(node.BootstrapServers!)));
        Assert.All(await Task.WhenAll(connections.Select(IsServedAsync)), Assert.True);
        Array.ForEach(connections, connection => connection.Dispose());
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
