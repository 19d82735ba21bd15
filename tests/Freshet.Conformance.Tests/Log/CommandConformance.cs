using System.Text.Json;
using System.Text.RegularExpressions;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Log;

/// <summary>Freshet's own commands for topics, groups, records and settings, the same against Freshet and against Apache Kafka.</summary>
public abstract class CommandConformance
{
    protected abstract string BootstrapServers { get; }

    [Fact]
    public async Task Topics_are_made_shown_grown_and_deleted()
    {
        string topic = NewName();
        Assert.Equal($"{topic}: created\n", await OutputAsync("topic", "create", topic, "--partitions", "3", "--config", "retention.ms=60000"));
        Assert.Contains(topic, await OutputAsync("topic", "list"), StringComparison.Ordinal);
        await OutputAsync("topic", "alter", topic, "--partitions", "4");
        JsonElement[] partitions = await JsonAsync("topic", "describe", topic);
        Assert.Equal([0, 1, 2, 3], partitions.Select(partition => partition.GetProperty("partition").GetInt32()));
        Assert.All(partitions, partition => Assert.Equal(0, partition.GetProperty("endOffset").GetInt64()));
        Assert.Equal($"{topic}: deleted\n", await OutputAsync("topic", "delete", topic));
        Assert.DoesNotContain(topic, await OutputAsync("topic", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_of_Kafkas_tools_are_understood()
    {
        string topic = NewName();
        await OutputAsync("topic", "--create", "--topic", topic, "--partitions", "2");
        Assert.Contains(topic, await OutputAsync("topic", "--list"), StringComparison.Ordinal);
        await OutputAsync("config", "--alter", "--entity-type", "topics", "--entity-name", topic, "--add-config", "cleanup.policy=[compact,delete],retention.ms=5000");
        string settings = await OutputAsync("config", "--describe", "--entity-type", "topics", "--entity-name", topic);
        Assert.Matches("cleanup.policy +compact,delete", settings);
        Assert.Matches("retention.ms +5000", settings);
        await OutputAsync("config", "alter", "--topic", topic, "--delete-config", "retention.ms");
        Assert.DoesNotContain("retention.ms", await OutputAsync("config", "describe", "--topic", topic), StringComparison.Ordinal);
        await OutputAsync("topic", "--delete", "--topic", topic);
        await OutputAsync("config", "--alter", "--entity-type", "groups", "--entity-name", topic, "--add-config", "consumer.session.timeout.ms=50000");
        Assert.Matches("consumer.session.timeout.ms +50000", await OutputAsync("config", "describe", "--group", topic));
        await OutputAsync("config", "alter", "--group", topic, "--delete-config", "consumer.session.timeout.ms");
    }

    [Fact]
    public async Task Settings_of_a_broker_are_shown_if_they_are_set_and_of_none_that_is_not_there()
    {
        // With so much patience that an answer can only have come by asking the cluster.
        string error = await ErrorAsync("config", "describe", "--broker", "9", "--timeout", "600000");
        Match living = Regex.Match(error, "there is no broker '9'; those that live are ([0-9]+)");
        Assert.True(living.Success, error);
        Assert.Equal(error, await ErrorAsync("config", "alter", "--broker", "9", "--timeout", "600000", "--add-config", "log.retention.ms=1"));
        string broker = living.Groups[1].Value;
        Assert.Matches("group.max.size +[0-9]+ +Default", await OutputAsync("config", "describe", "--broker", broker, "--all"));
        string set = await OutputAsync("config", "describe", "--broker", broker);
        Assert.Matches("node.id +[0-9]+ +StaticBroker", set);
        Assert.DoesNotContain("group.max.size", set, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_are_produced_and_consumed()
    {
        string topic = NewName();
        await OutputAsync("topic", "create", topic, "--partitions", "1");
        ProgramRun produced = await RunAsync("a:1\nb:2\nc:3\n", "produce", topic, "-K", ":", "--header", "from=test", "--compression", "zstd");
        Assert.Contains("3 records produced", produced.Errors, StringComparison.Ordinal);
        Assert.Equal("a\t1\nb\t2\nc\t3\n", await OutputAsync("consume", topic, "--from-beginning", "--until-end", "--keys"));
        Assert.Equal("2\n", await OutputAsync("consume", topic, "--offset", "1", "--max-messages", "1"));
        string line = await OutputAsync("consume", topic, "--from-beginning", "--max-messages", "1", "--json");
        JsonElement record = JsonDocument.Parse(line).RootElement;
        Assert.Equal(("a", "1", 0), (record.GetProperty("key").GetString(), record.GetProperty("value").GetString(), record.GetProperty("offset").GetInt32()));
        Assert.Equal("test", record.GetProperty("headers")[0].GetProperty("value").GetString());
        JsonElement[] deleted = await JsonAsync("topic", "delete-records", topic, "--before-offset", "2");
        Assert.Equal(2, Assert.Single(deleted).GetProperty("startOffset").GetInt64());
        Assert.Equal("3\n", await OutputAsync("consume", topic, "--from-beginning", "--until-end"));
    }

    [Fact]
    public async Task Bytes_are_kept_as_they_are()
    {
        string topic = NewName();
        await OutputAsync("topic", "create", topic, "--partitions", "1");
        await ShellAsync("""printf 'k:\377\r\001\r\nn:NIL\nlast:' | "$0" produce "$1" -K : --null NIL -b "$2" 2>&1""", topic);
        Assert.Equal("last\t\n", await OutputAsync("consume", topic, "--offset", "-1", "--until-end", "--keys"));
        Assert.Equal("n\tNIL\n", await OutputAsync("consume", topic, "--offset", "1", "--max-messages", "1", "--keys", "--null", "NIL"));
        Assert.Equal("377 015 001 012", await ShellAsync("""echo $("$0" consume "$1" -b "$2" --from-beginning --max-messages 1 | od -An -b)""", topic));
        string first = await OutputAsync("consume", topic, "--from-beginning", "--max-messages", "1", "--json");
        Assert.Equal([255, 13, 1], JsonDocument.Parse(first).RootElement.GetProperty("value").GetProperty("base64").GetBytesFromBase64());
    }

    [Fact]
    public async Task Offsets_outside_of_a_partition_mean_its_bounds()
    {
        string topic = NewName();
        await OutputAsync("topic", "create", topic, "--partitions", "1");
        await RunAsync("0\n1\n2\n", "produce", topic);
        await OutputAsync("topic", "delete-records", topic, "--before-offset", "1");
        Assert.Equal("1\n2\n", await OutputAsync("consume", topic, "--offset", "0", "--until-end"));
        Assert.Equal("1\n2\n", await OutputAsync("consume", topic, "--offset", "-9", "--until-end"));
        Assert.Equal("", await OutputAsync("consume", topic, "--offset", "9", "--until-end"));
    }

    [Fact]
    public async Task Reading_ends_when_nobody_reads_the_output()
    {
        string topic = NewName();
        await OutputAsync("topic", "create", topic, "--partitions", "1");
        await RunAsync(string.Concat(Enumerable.Range(0, 20_000).Select(number => $"{number}\n")), "produce", topic);
        Assert.Equal("0", await ShellAsync(""" "$0" consume "$1" -b "$2" --from-beginning | head -1""", topic));
    }

    [Theory]
    [InlineData("classic")]
    [InlineData("consumer")]
    public async Task A_group_is_shown_reset_and_deleted(string protocol)
    {
        string topic = NewName();
        string group = $"g-{topic}";
        await OutputAsync("topic", "create", topic, "--partitions", "1");
        await RunAsync("1\n2\n3\n", "produce", topic);
        Assert.Equal("1\n2\n3\n", await OutputAsync("consume", topic, "--group", group, "--group-protocol", protocol, "--from-beginning", "--max-messages", "3"));
        Assert.Equal((3, 0), await OffsetAndLagAsync(group));
        Assert.Contains(await JsonAsync("group", "list"), listed => listed.GetProperty("group").GetString() == group && listed.GetProperty("type").GetString() == protocol);
        Assert.Equal("Empty", Assert.Single(await JsonAsync("group", "describe", group, "--state")).GetProperty("state").GetString());

        JsonElement planned = Assert.Single(await JsonAsync("group", "--group", group, "--reset-offsets", "--to-earliest", "--topic", topic, "--dry-run"));
        Assert.Equal((3, 0), (planned.GetProperty("committedOffset").GetInt32(), planned.GetProperty("newOffset").GetInt32()));
        Assert.Equal((3, 0), await OffsetAndLagAsync(group));
        await OutputAsync("group", "reset-offsets", group, "--shift-by", "-2", "--all-topics", "--execute");
        Assert.Equal((1, 2), await OffsetAndLagAsync(group));
        await OutputAsync("group", "reset-offsets", group, "--by-duration", "P1D", "--topic", $"{topic}:0", "--execute");
        Assert.Equal((0, 3), await OffsetAndLagAsync(group));
        await OutputAsync("group", "delete-offsets", group, "--topic", topic);
        Assert.Empty(await JsonAsync("group", "describe", group));
        await OutputAsync("group", "delete", group);
        Assert.DoesNotContain(await JsonAsync("group", "list"), listed => listed.GetProperty("group").GetString() == group);
    }

    [Fact]
    public async Task Members_are_shown_and_keep_their_offsets_from_being_reset()
    {
        string topic = NewName();
        string group = $"g-{topic}";
        await OutputAsync("topic", "create", topic, "--partitions", "2");
        await using (FreshetProcess member = FreshetProcess.Start("consume", topic, "--group", group, "--bootstrap-server", BootstrapServers))
        {
            string[]? partitions = null;
            for (DateTime patience = DateTime.UtcNow.AddSeconds(30); partitions is null && DateTime.UtcNow < patience;)
            {
                ProgramRun members = await RunAsync("", "group", "members", group, "--json");
                partitions = members.ExitCode == 0 && JsonDocument.Parse(members.Output).RootElement is var array && array.GetArrayLength() > 0
                    && array[0].GetProperty("partitions") is { ValueKind: JsonValueKind.Array } owned && owned.GetArrayLength() > 0
                    ? [.. owned.EnumerateArray().Select(each => each.GetString()!)]
                    : null;
            }

            Assert.Equal([$"{topic}(0,1)"], partitions ?? []);
            Assert.Contains("has 1 members", await ErrorAsync("group", "reset-offsets", group, "--to-latest", "--topic", topic, "--execute"), StringComparison.Ordinal);
            Assert.NotEmpty(await ErrorAsync("group", "delete", group));
            Assert.Equal(0, await member.StopAsync());
        }
    }

    [Fact]
    public async Task What_is_wrong_is_told_on_standard_error()
    {
        Assert.Contains("there is no topic 'missing'", await ErrorAsync("topic", "describe", "missing"), StringComparison.Ordinal);
        Assert.StartsWith("freshet: missing: ", await ErrorAsync("topic", "delete", "missing"), StringComparison.Ordinal);
        Assert.Equal("missing: was not there\n", await OutputAsync("topic", "delete", "missing", "--if-exists"));
        Assert.Contains("there is no group 'missing'", await ErrorAsync("group", "describe", "missing"), StringComparison.Ordinal);
        Assert.Contains("say whose settings", await ErrorAsync("config", "describe"), StringComparison.Ordinal);
        Assert.Contains("not of the form NAME=VALUE", await ErrorAsync("topic", "list", "-X", "nonsense"), StringComparison.Ordinal);
        Assert.Contains("say once where to", await ErrorAsync("group", "reset-offsets", "g", "--all-topics", "--to-latest", "--to-earliest"), StringComparison.Ordinal);
        Assert.Equal("Option '--partitions' is required.", (await ErrorAsync("topic", "alter", "t")).Trim());
        Assert.Contains("number of milliseconds above zero", await ErrorAsync("topic", "list", "--timeout", "0"), StringComparison.Ordinal);
        Assert.Contains("'127.0.0.1:99999' names no brokers", (await ProgramRun.RunAsync(FreshetProcess.Program, ["topic", "list", "-b", "127.0.0.1:99999"])).Errors, StringComparison.Ordinal);
        ProgramRun nobody = await ProgramRun.RunAsync(FreshetProcess.Program, ["topic", "list", "-b", "127.0.0.1:1", "--timeout", "500"]);
        Assert.Contains("no broker answered at 127.0.0.1:1", nobody.Errors, StringComparison.Ordinal);
        Assert.Equal(1, nobody.ExitCode);
    }

    /// <summary>What a script writes, to which $0 is the command, $1 the topic and $2 the broker.</summary>
    private async Task<string> ShellAsync(string script, string topic)
    {
        ProgramRun run = await ProgramRun.RunAsync("sh", ["-c", script, FreshetProcess.Program, topic, BootstrapServers]);
        Assert.True(run.ExitCode == 0, run.Errors);
        return run.Output.Trim();
    }

    private static string NewName() => $"command-{Guid.NewGuid():N}";

    private async Task<(int Offset, int Lag)> OffsetAndLagAsync(string group)
    {
        JsonElement row = Assert.Single(await JsonAsync("group", "describe", group));
        return (row.GetProperty("committedOffset").GetInt32(), row.GetProperty("lag").GetInt32());
    }

    private async Task<JsonElement[]> JsonAsync(params string[] arguments) =>
        [.. JsonDocument.Parse(await OutputAsync([.. arguments, "--json"])).RootElement.EnumerateArray()];

    private async Task<string> OutputAsync(params string[] arguments)
    {
        ProgramRun run = await RunAsync("", arguments);
        Assert.True(run.ExitCode == 0, $"freshet {string.Join(' ', arguments)} ended with {run.ExitCode}: {run.Errors}");
        return run.Output;
    }

    private async Task<string> ErrorAsync(params string[] arguments)
    {
        ProgramRun run = await RunAsync("", arguments);
        Assert.Equal(1, run.ExitCode);
        return run.Errors;
    }

    private Task<ProgramRun> RunAsync(string input, params string[] arguments) =>
        ProgramRun.RunAsync(FreshetProcess.Program, [.. arguments, "--bootstrap-server", BootstrapServers], input);
}
