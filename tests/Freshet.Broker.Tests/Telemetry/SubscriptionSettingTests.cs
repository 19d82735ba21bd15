using Freshet.Broker.Tests.Administration;
using Freshet.Node;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Freshet.Tests.Support;
using static Freshet.Protocol.Kafka.Messages.ConfigOperation;

namespace Freshet.Broker.Tests.Telemetry;

/// <summary>Subscriptions to clients' metrics as settings: made, changed, told and deleted like others, whether or not anybody receives metrics.</summary>
public class SubscriptionSettingTests
{
    private const ConfigResourceType ClientMetrics = ConfigResourceType.ClientMetrics;
    private const string Name = "all / <default>";

    [Fact]
    public async Task A_subscription_is_made_told_and_listed_also_after_a_restart_until_nothing_is_set()
    {
        using var folder = new TemporaryFolder();
        var options = new FreshetNodeOptions { DataDirectory = folder.Path };
        await using (FreshetNode node = await FreshetNode.StartAsync(options, new TestLog()))
        {
            using WireClient client = await WireClient.ConnectAsync(node);
            Assert.Equal(("300000", ConfigSource.Default), (await client.DescribeAsync(ClientMetrics, Name)).Settings["interval.ms"]);
            Assert.Empty(await client.SubscriptionsAsync(1));
            await client.SubscribeAsync(Name, ("metrics", "a.,b."), ("interval.ms", "1000"));
            Assert.Equal([Name], await client.SubscriptionsAsync(1));
        }

        await using FreshetNode again = await FreshetNode.StartAsync(options, new TestLog());
        using WireClient reader = await WireClient.ConnectAsync(again);
        Dictionary<string, (string?, ConfigSource)> settings = (await reader.DescribeAsync(ClientMetrics, Name)).Settings;
        Assert.Equal(("a.,b.", ConfigSource.ClientMetrics), settings["metrics"]);
        Assert.Equal(("1000", ConfigSource.ClientMetrics), settings["interval.ms"]);
        Assert.Equal(("", ConfigSource.Default), settings["match"]);
        Assert.Equal([Name], await reader.SubscriptionsAsync(0));
        await reader.AlterAsync(ClientMetrics, Name, false, ("metrics", Delete, null), ("interval.ms", Delete, null));
        Assert.Empty(await reader.SubscriptionsAsync(1));
    }

    [Fact]
    public async Task Lists_are_added_to_and_taken_from_and_all_is_replaced_at_once()
    {
        await using FreshetNode node = await FreshetNode.StartAsync();
        using WireClient client = await WireClient.ConnectAsync(node);
        await client.SubscribeAsync(Name, ("metrics", "a.,b."), ("interval.ms", "1000"));
        await client.AlterAsync(ClientMetrics, Name, false, ("metrics", Append, "c."), ("match", Append, "client_id=x"));
        await client.AlterAsync(ClientMetrics, Name, false, ("metrics", Subtract, "a."));
        await client.AlterAsync(ClientMetrics, Name, validateOnly: true, ("metrics", Set, "z."));
        Dictionary<string, (string? Value, ConfigSource)> settings = (await client.DescribeAsync(ClientMetrics, Name)).Settings;
        Assert.Equal(("b.,c.", "client_id=x"), (settings["metrics"].Value, settings["match"].Value));
        Assert.Equal((ErrorCode.None, null), await client.ReplaceAsync(ClientMetrics, Name, ("interval.ms", "500")));
        settings = (await client.DescribeAsync(ClientMetrics, Name)).Settings;
        Assert.Equal(("", "500"), (settings["metrics"].Value, settings["interval.ms"].Value));
    }

    [Theory]
    [InlineData("interval.ms", "99", ErrorCode.InvalidRequest)]
    [InlineData("interval.ms", "3600001", ErrorCode.InvalidRequest)]
    [InlineData("interval.ms", "soon", ErrorCode.InvalidConfig)]
    [InlineData("retention.ms", "1000", ErrorCode.InvalidRequest)]
    [InlineData("match", "client_id", ErrorCode.InvalidConfig)]
    [InlineData("match", "client_id=", ErrorCode.InvalidConfig)]
    [InlineData("match", "client_id=a=b", ErrorCode.InvalidConfig)]
    [InlineData("match", "client_id=a,nobody=b", ErrorCode.InvalidConfig)]
    [InlineData("match", "client_id=[", ErrorCode.InvalidConfig)]
    [InlineData("match", "client_id=a)|(b", ErrorCode.InvalidConfig)]
    [InlineData("match", @"client_id=(a)\1", ErrorCode.InvalidConfig)]
    public async Task A_setting_that_cannot_be_is_refused_with_all_that_come_with_it(string name, string value, ErrorCode error)
    {
        await using FreshetNode node = await FreshetNode.StartAsync();
        using WireClient client = await WireClient.ConnectAsync(node);
        (ErrorCode Error, string? Problem) refused = await client.AlterAsync(ClientMetrics, Name, false, ("metrics", Set, "a."), (name, Set, value));
        Assert.Equal(error, refused.Error);
        Assert.Contains(name, refused.Problem, StringComparison.Ordinal);
        Assert.Empty(await client.SubscriptionsAsync(1));
    }

    [Fact]
    public async Task A_subscription_has_a_name()
    {
        await using FreshetNode node = await FreshetNode.StartAsync();
        using WireClient client = await WireClient.ConnectAsync(node);
        Assert.Equal(ErrorCode.InvalidRequest, (await client.AlterAsync(ClientMetrics, "", false, ("metrics", Set, "a."))).Error);
        Assert.Equal(ErrorCode.InvalidRequest, (await client.DescribeAsync(ClientMetrics, "")).Error);
    }
}
