using Freshet.Broker.Logging;
using Freshet.Node;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Microsoft.Extensions.Logging;
using static Freshet.Protocol.Kafka.Messages.ConfigOperation;

namespace Freshet.Broker.Tests.Administration;

/// <summary>The levels of the broker's loggers, changed by clients while it runs.</summary>
public class BrokerLoggerTests
{
    private const ConfigResourceType Loggers = ConfigResourceType.BrokerLogger;
    private const string Requests = "Freshet.Broker.Requests";
    private const string Broker = "Freshet.Broker";

    [Fact]
    public async Task A_level_that_a_client_sets_changes_what_is_logged_and_one_taken_back_changes_it_again()
    {
        var log = new RecordedLog(LogLevel.Trace);
        await using FreshetNode node = await FreshetNode.StartAsync(new FreshetNodeOptions(), new AdjustableLoggers(log, LogLevel.Warning));
        using WireClient client = await WireClient.ConnectAsync(node);
        Assert.Equal(("WARN", ConfigSource.BrokerLogger), (await client.DescribeAsync(Loggers, "1")).Settings[Requests]);
        Assert.Empty(log.Of(Requests, LogLevel.Debug));

        Assert.Equal((ErrorCode.None, null), await client.AlterAsync(Loggers, "1", false, (Requests, Set, "DEBUG")));
        Dictionary<string, (string? Value, ConfigSource)> changed = (await client.DescribeAsync(Loggers, "1")).Settings;
        Assert.Equal(("DEBUG", "WARN"), (changed[Requests].Value, changed["root"].Value));

        Assert.Equal((ErrorCode.None, null), await client.AlterAsync(Loggers, "1", false, (Requests, Delete, null)));
        Assert.Equal("WARN", (await client.DescribeAsync(Loggers, "1")).Settings[Requests].Value);
        // Nothing of what came before it was set or after it was taken back.
        Assert.Equal(
            ["IncrementalAlterConfigs", "DescribeConfigs"],
            log.Of(Requests, LogLevel.Debug).Select(text => text.Split(' ')[0]));
        Assert.Contains(log.Of(typeof(BrokerLoggers).FullName!, LogLevel.Warning), text => text.Contains(Requests, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_level_holds_for_the_loggers_below_that_have_none_of_their_own()
    {
        await using FreshetNode node = await FreshetNode.StartAsync(new FreshetNodeOptions(), new RecordedLog(LogLevel.Trace));
        using WireClient client = await WireClient.ConnectAsync(node);
        await client.AlterAsync(Loggers, "1", false, ("root", Set, "FATAL"), (Broker, Set, "ERROR"), (Requests, Set, "INFO"));
        Dictionary<string, (string? Value, ConfigSource)> levels = (await client.DescribeAsync(Loggers, "1")).Settings;
        Assert.Equal(
            ["FATAL", "FATAL", "ERROR", "ERROR", "INFO"],
            new[] { "root", "Freshet.Coordination.CoordinationService", Broker, "Freshet.Broker.BrokerService", Requests }.Select(name => levels[name].Value));
    }

    [Theory]
    [InlineData("1", "root", Delete, null, ErrorCode.InvalidRequest, "root")]
    [InlineData("1", "no.such.logger", Set, "DEBUG", ErrorCode.InvalidConfig, "does not exist")]
    [InlineData("1", "no.such.logger", Delete, null, ErrorCode.InvalidConfig, "does not exist")]
    [InlineData("1", Requests, Set, "LOUD", ErrorCode.InvalidConfig, "FATAL, ERROR, WARN, INFO, DEBUG, TRACE")]
    [InlineData("1", Requests, Set, "debug", ErrorCode.InvalidConfig, "FATAL, ERROR, WARN, INFO, DEBUG, TRACE")]
    [InlineData("1", Requests, Set, null, ErrorCode.InvalidRequest, "no value")]
    [InlineData("1", Requests, Append, "DEBUG", ErrorCode.InvalidRequest, "not allowed")]
    [InlineData("1", Requests, Subtract, "DEBUG", ErrorCode.InvalidRequest, "not allowed")]
    [InlineData("2", Requests, Set, "DEBUG", ErrorCode.InvalidRequest, "broker '2'")]
    [InlineData("", Requests, Set, "DEBUG", ErrorCode.InvalidRequest, "broker ''")]
    public async Task A_change_that_cannot_be_is_refused_with_all_that_come_with_it(
        string broker, string logger, ConfigOperation operation, string? value, ErrorCode error, string reason)
    {
        await using FreshetNode node = await FreshetNode.StartAsync();
        using WireClient client = await WireClient.ConnectAsync(node);
        (ErrorCode Error, string? Problem) refused = await client.AlterAsync(Loggers, broker, false, (Broker, Set, "TRACE"), (logger, operation, value));
        Assert.Equal(error, refused.Error);
        Assert.Contains(reason, refused.Problem, StringComparison.Ordinal);
        Assert.All((await client.DescribeAsync(Loggers, "1")).Settings.Values, level => Assert.Equal("INFO", level.Value));
    }

    [Fact]
    public async Task Levels_are_neither_replaced_as_a_whole_nor_changed_by_a_rehearsal_nor_told_for_another_broker()
    {
        await using FreshetNode node = await FreshetNode.StartAsync();
        using WireClient client = await WireClient.ConnectAsync(node);
        Assert.Equal(ErrorCode.InvalidRequest, (await client.ReplaceAsync(Loggers, "1", (Requests, "DEBUG"))).Error);
        Assert.Equal(ErrorCode.None, (await client.AlterAsync(Loggers, "1", validateOnly: true, (Requests, Set, "DEBUG"))).Error);
        Assert.Equal("INFO", (await client.DescribeAsync(Loggers, "1")).Settings[Requests].Value);
        Assert.Equal(ErrorCode.InvalidRequest, (await client.DescribeAsync(Loggers, "2")).Error);
        Assert.Equal(ErrorCode.InvalidRequest, (await client.DescribeAsync(Loggers, "")).Error);
    }

    [Fact]
    public async Task What_the_host_keeps_back_is_told_as_it_is_and_cannot_be_asked_for()
    {
        await using FreshetNode node = await FreshetNode.StartAsync(new FreshetNodeOptions(), new RecordedLog(LogLevel.Warning));
        using WireClient client = await WireClient.ConnectAsync(node);
        Assert.Equal("WARN", (await client.DescribeAsync(Loggers, "1")).Settings[Requests].Value);
        (ErrorCode Error, string? Problem) refused = await client.AlterAsync(Loggers, "1", false, (Requests, Set, "DEBUG"));
        Assert.Equal(ErrorCode.InvalidConfig, refused.Error);
        Assert.Contains("hosts this broker", refused.Problem, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.None, (await client.AlterAsync(Loggers, "1", false, (Requests, Set, "ERROR"))).Error);
        Assert.Equal("ERROR", (await client.DescribeAsync(Loggers, "1")).Settings[Requests].Value);
    }
}
