using System.Net;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Freshet.Broker.Tests.Administration;
using Freshet.Node;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Freshet.Tests.Support;
using ConfigSource = Freshet.Protocol.Kafka.Messages.ConfigSource;
using ErrorCode = Freshet.Protocol.Kafka.ErrorCode;

namespace Freshet.Broker.Tests.Connections;

/// <summary>Limits of connections that are changed while the broker runs.</summary>
public class ChangedConnectionLimitTests
{
    [Theory]
    [InlineData("max.connections", "1", "2")]
    [InlineData("max.connections.per.ip", "1", "2")]
    [InlineData("max.connections.per.ip.overrides", "10.0.0.1:7,127.0.0.1:1", "127.0.0.1:2,[::1]:0")]
    [InlineData("listener.name.plaintext.max.connections", "1", "2")]
    public async Task A_limit_holds_at_once_for_new_connections_and_leaves_those_that_are_there(string name, string one, string two)
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using WireClient client = await WireClient.ConnectAsync(node);
        using RawConnection before = await OpenServedAsync(node);
        await SetAsync(client, "1", name, one);
        Assert.False(await IsServedAsync(node));
        Assert.True(await IsServedAsync(before));
        await SetAsync(client, "1", name, two);
        Assert.False(await IsServedAsync(node));
        await DeleteAsync(client, "1", name);
        Assert.True(await IsServedAsync(node));
    }

    [Fact]
    public async Task A_new_rate_has_connections_wait_that_are_served_then()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using WireClient client = await WireClient.ConnectAsync(node);
        await SetAsync(client, "1", "max.connection.creation.rate", "1");
        RawConnection[] connections = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => RawConnection.OpenAsync(node.BootstrapServers!)));
        Assert.All(await Task.WhenAll(connections.Select(IsServedAsync)), Assert.True);
        Array.ForEach(connections, connection => connection.Dispose());
    }

    [Fact]
    public async Task The_brokers_own_limit_goes_before_that_of_all_brokers_and_that_before_the_one_given_at_the_start_also_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        var options = new FreshetNodeOptions { DataDirectory = folder.Path, ConfigureBroker = broker => broker.MaxConnections = 70 };
        await using (FreshetNode node = await FreshetNode.StartAsync(options, new TestLog()))
        {
            using WireClient client = await WireClient.ConnectAsync(node);
            Assert.Equal(("2147483647", ConfigSource.Default), await ValueAsync(client, "max.connections.per.ip"));
            Assert.Equal(("70", ConfigSource.StaticBroker), await ValueAsync(client, "max.connections"));
            await SetAsync(client, "", "max.connections", "80");
            Assert.Equal(("80", ConfigSource.DynamicDefaultBroker), await ValueAsync(client, "max.connections"));
            await SetAsync(client, "1", "max.connections", "1");
            await SetAsync(client, "1", "listener.name.plaintext.max.connection.creation.rate", "50");
        }

        await using FreshetNode again = await FreshetNode.StartAsync(options, new TestLog());
        using WireClient only = await WireClient.ConnectAsync(again);
        Assert.Equal(("1", ConfigSource.DynamicBroker), await ValueAsync(only, "max.connections"));
        Assert.Equal(("50", ConfigSource.DynamicBroker), await ValueAsync(only, "listener.name.plaintext.max.connection.creation.rate"));
        Assert.False(await IsServedAsync(again));
        await DeleteAsync(only, "1", "max.connections");
        Assert.True(await IsServedAsync(again));
    }

    [Fact]
    public async Task Confluents_admin_client_changes_and_reads_them()
    {
        var options = new FreshetNodeOptions { ConfigureBroker = broker => broker.MaxConnectionsByAddress[IPAddress.IPv6Loopback] = 9 };
        await using FreshetNode node = await FreshetNode.StartAsync(options, new TestLog());
        using IAdminClient admin = node.Admin();
        var broker = new Confluent.Kafka.Admin.ConfigResource { Type = ResourceType.Broker, Name = "1" };
        await admin.IncrementalAlterConfigsAsync(new Dictionary<Confluent.Kafka.Admin.ConfigResource, List<ConfigEntry>>
        {
            [broker] = [new ConfigEntry { Name = "max.connections.per.ip.overrides", Value = "127.0.0.1:50", IncrementalOperation = AlterConfigOpType.Set }],
        });
        ConfigEntryResult entry = Assert.Single(await admin.DescribeConfigsAsync([broker])).Entries["max.connections.per.ip.overrides"];
        Assert.Equal(("127.0.0.1:50", false), (entry.Value, entry.IsReadOnly));
        Assert.Equal(["127.0.0.1:50", "[::1]:9", ""], entry.Synonyms.Select(synonym => synonym.Value));
    }

    [Theory]
    [InlineData("max.connections", "0")]
    [InlineData("max.connections", "many")]
    [InlineData("max.connections", "2147483648")]
    [InlineData("max.connections.per.ip", "-1")]
    [InlineData("max.connections.per.ip", "0")]
    [InlineData("max.connections.per.ip.overrides", "localhost:5")]
    [InlineData("max.connections.per.ip.overrides", "127.0.0.1")]
    [InlineData("max.connections.per.ip.overrides", "127.0.0.1:-1")]
    [InlineData("max.connection.creation.rate", "0")]
    [InlineData("listener.name.nowhere.max.connections", "5")]
    [InlineData("listener.name.plaintext.max.connections.per.ip", "5")]
    [InlineData("listener.name.", "5")]
    [InlineData("listener.name..max.connections", "5")]
    public async Task A_limit_that_cannot_be_is_refused(string name, string value)
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using WireClient client = await WireClient.ConnectAsync(node);
        (ErrorCode error, string? problem) = await client.AlterAsync(ConfigResourceType.Broker, "1", false, (name, ConfigOperation.Set, value));
        Assert.Equal(ErrorCode.InvalidRequest, error);
        Assert.Contains(name, problem, StringComparison.Ordinal);
        Assert.True(await IsServedAsync(node));
    }

    [Fact]
    public async Task No_connection_but_for_named_addresses()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using WireClient client = await WireClient.ConnectAsync(node);
        Assert.Equal(
            (ErrorCode.None, null),
            await client.AlterAsync(
                ConfigResourceType.Broker, "1", false,
                ("max.connections.per.ip", ConfigOperation.Set, "0"), ("max.connections.per.ip.overrides", ConfigOperation.Set, "127.0.0.1:2")));
        using RawConnection second = await OpenServedAsync(node);
        Assert.False(await IsServedAsync(node));
    }

    private static async Task SetAsync(WireClient client, string broker, string name, string value) =>
        Assert.Equal((ErrorCode.None, null), await client.AlterAsync(ConfigResourceType.Broker, broker, false, (name, ConfigOperation.Set, value)));

    private static async Task DeleteAsync(WireClient client, string broker, string name) =>
        Assert.Equal((ErrorCode.None, null), await client.AlterAsync(ConfigResourceType.Broker, broker, false, (name, ConfigOperation.Delete, null)));

    private static async Task<(string? Value, ConfigSource Source)> ValueAsync(WireClient client, string name) =>
        (await client.DescribeAsync(ConfigResourceType.Broker, "1")).Settings[name];

    private static async Task<RawConnection> OpenServedAsync(FreshetNode node)
    {
        RawConnection connection = await RawConnection.OpenAsync(node.BootstrapServers!);
        Assert.True(await IsServedAsync(connection));
        return connection;
    }

    private static async Task<bool> IsServedAsync(FreshetNode node)
    {
        using RawConnection connection = await RawConnection.OpenAsync(node.BootstrapServers!);
        return await IsServedAsync(connection);
    }

    private static async Task<bool> IsServedAsync(RawConnection client) => await client.AskAsync(ApiKey.ApiVersions, 0, (ref KafkaWriter _) => { }) is not null;
}
