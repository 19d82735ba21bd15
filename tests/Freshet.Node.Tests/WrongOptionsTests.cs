using System.Net;
using Freshet.Broker;
using Freshet.Tests.Support;

namespace Freshet.Node.Tests;

/// <summary>What a start with wrong options says: the option, and what it may be.</summary>
public class WrongOptionsTests
{
    public static TheoryData<string, FreshetNodeOptions> WrongOptions => new()
    {
        { "leave Coordination or Broker true", new() { Coordination = false, Broker = false } },
        { "A broker needs a coordination service", new() { Coordination = false } },
        { "DataDirectory is empty", new() { DataDirectory = " " } },
        { "KafkaPort is a port from 1 to 65535", new() { KafkaPort = 65536 } },
        { "CoordinationPort is a port", new() { CoordinationPort = -1 } },
        { "HttpPort is a port", new() { HttpPort = -1 } },
        { "MetricsPort is a port", new() { MetricsPort = 1 << 20 } },
        { "Port of the listener OUT", new() { KafkaListeners = { new KafkaListener { Name = "OUT", Port = -1 } } } },
        { "Two of the KafkaListeners are named OUT", new() { KafkaListeners = { new KafkaListener { Name = "OUT" }, new KafkaListener { Name = "OUT" } } } },
        { "MaxConnections of the broker is at least 0", OfBroker(broker => broker.MaxConnections = -1) },
        { "DefaultPartitions of the broker is at least 1", OfBroker(broker => broker.DefaultPartitions = 0) },
        { "RetentionCheckInterval of the broker is longer than nothing", OfBroker(broker => broker.RetentionCheckInterval = TimeSpan.Zero) },
        { "MaxConnectionIdle of the broker is longer than nothing", OfBroker(broker => broker.MaxConnectionIdle = TimeSpan.MaxValue) },
    };

    [Theory]
    [MemberData(nameof(WrongOptions))]
    public async Task It_names_the_option(string told, FreshetNodeOptions options) =>
        Assert.Contains(told, (await Assert.ThrowsAnyAsync<ArgumentException>(() => FreshetNode.StartAsync(options).AsTask())).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_port_or_an_address_that_cannot_be_had_is_named()
    {
        await using FreshetNode taken = await FreshetNode.StartAsync();
        int port = IPEndPoint.Parse(taken.BootstrapServers!).Port;
        Assert.Contains($":{port}: another program does", await RefusalAsync(new() { KafkaPort = port }), StringComparison.Ordinal);
        // An address of the block that is for documents only.
        Assert.Contains("does not have that address", await RefusalAsync(new() { Address = IPAddress.Parse("192.0.2.1") }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_had_is_named()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "file");
        await File.WriteAllTextAsync(file, "");
        Assert.Contains($"The data directory {file} cannot be made", await RefusalAsync(new() { DataDirectory = file }), StringComparison.Ordinal);
        string below = Path.Combine(file, "below");
        Assert.Contains($"The data directory {below} cannot be made", await RefusalAsync(new() { DataDirectory = below }), StringComparison.Ordinal);
        await using FreshetNode other = await FreshetNode.StartAsync(new() { DataDirectory = folder.Path });
        Assert.Contains("is in use by another server", await RefusalAsync(new() { DataDirectory = folder.Path }), StringComparison.Ordinal);
    }

    private static FreshetNodeOptions OfBroker(Action<BrokerOptions> configure) => new() { ConfigureBroker = configure };

    private static async Task<string> RefusalAsync(FreshetNodeOptions options) =>
        (await Assert.ThrowsAsync<IOException>(() => FreshetNode.StartAsync(options).AsTask())).Message;
}
