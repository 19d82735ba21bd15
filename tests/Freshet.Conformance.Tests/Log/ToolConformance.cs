using System.Diagnostics;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Log;

/// <summary>kcat and Apache Kafka's own command line tools, the same against Freshet and against Apache Kafka.</summary>
public abstract class ToolConformance
{
    protected abstract string BootstrapServers { get; }

    [Fact]
    public async Task Kcat_lists_the_broker_as_controller()
    {
        string listing = await KcatAsync("", "-L");
        Assert.Contains("1 brokers:", listing, StringComparison.Ordinal);
        Assert.Contains($"{BootstrapServers} (controller)", listing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kcat_produces_and_consumes()
    {
        string topic = $"kcat-{Guid.NewGuid():N}";
        await KcatAsync("a:1\nb:2\nc:3\n", "-P", "-t", topic, "-K:");
        Assert.Equal("a=1@0 b=2@1 c=3@2 ", await KcatAsync("", "-C", "-t", topic, "-e", "-q", "-o", "beginning", "-f", "%k=%s@%o "));
    }

    [Fact]
    public async Task The_topics_tool_creates_describes_grows_and_deletes()
    {
        string topic = $"tool-{Guid.NewGuid():N}";
        await KafkaAsync("", "topics", "--create", "--topic", topic, "--partitions", "3");
        await KafkaAsync("", "topics", "--alter", "--topic", topic, "--partitions", "5");
        string described = await KafkaAsync("", "topics", "--describe", "--topic", topic);
        Assert.Contains("PartitionCount: 5", described, StringComparison.Ordinal);
        Assert.Contains("Partition: 4", described, StringComparison.Ordinal);
        await KafkaAsync("", "topics", "--delete", "--topic", topic);
        Assert.DoesNotContain(topic, await KafkaAsync("", "topics", "--list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_console_tools_produce_and_consume_in_a_group_whose_lag_is_described()
    {
        string topic = $"console-{Guid.NewGuid():N}";
        string group = $"g-{topic}";
        await KafkaAsync("", "topics", "--create", "--topic", topic, "--partitions", "1");
        await KafkaAsync("one\ntwo\nthree\n", "producer", "--topic", topic);
        string read = await KafkaAsync("", "consumer", "--topic", topic, "--group", group, "--from-beginning", "--max-messages", "3", "--timeout-ms", "60000");
        Assert.Equal(["one", "two", "three"], read.Split('\n').Where(line => line is "one" or "two" or "three"));
        string[] described = (await KafkaAsync("", "groups", "--describe", "--group", group)).Split('\n');
        string[] row = described.Single(line => line.Contains(topic, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["0", "3", "3", "0"], row[2..6]);
    }

    [Fact]
    public async Task The_offsets_tool_knows_the_special_times()
    {
        string topic = $"times-{Guid.NewGuid():N}";
        await KafkaAsync("", "topics", "--create", "--topic", topic, "--partitions", "1");
        await KafkaAsync("one\ntwo\n", "producer", "--topic", topic);
        // Latest, earliest, earliest local; tiered ones answer nothing for a partition that has none.
        Assert.Equal([$"{topic}:0:2", $"{topic}:0:0", $"{topic}:0:0"], [await OffsetAsync("-1"), await OffsetAsync("-2"), await OffsetAsync("-4")]);
        Assert.Equal("", (await OffsetAsync("-5")).Replace($"{topic}:0:", "", StringComparison.Ordinal));
        Assert.StartsWith($"{topic}:0:", await OffsetAsync("-3"), StringComparison.Ordinal);

        async Task<string> OffsetAsync(string time) => (await KafkaAsync("", "get-offsets", "--topic", topic, "--time", time)).Trim();
    }

    [Fact]
    public async Task The_records_tool_deletes_up_to_an_offset_and_the_directories_tool_shows_the_partition()
    {
        string topic = $"records-{Guid.NewGuid():N}";
        await KafkaAsync("", "topics", "--create", "--topic", topic, "--partitions", "1");
        await KafkaAsync("one\ntwo\nthree\n", "producer", "--topic", topic);
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $$"""{"version":1,"partitions":[{"topic":"{{topic}}","partition":0,"offset":2}]}""");
        Assert.Contains("low_watermark: 2", await KafkaAsync("", "delete-records", "--offset-json-file", file), StringComparison.Ordinal);
        File.Delete(file);
        Assert.Equal("three", (await KafkaAsync("", "consumer", "--topic", topic, "--from-beginning", "--max-messages", "1", "--timeout-ms", "60000")).Trim());
        Assert.Contains($"\"{topic}-0\"", await KafkaAsync("", "log-dirs", "--describe", "--topic-list", topic), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_console_consumer_reads_in_a_group_of_the_consumer_protocol()
    {
        string topic = $"console-{Guid.NewGuid():N}";
        string group = $"g-{topic}";
        await KafkaAsync("", "topics", "--create", "--topic", topic, "--partitions", "2");
        await KafkaAsync("one\ntwo\nthree\n", "producer", "--topic", topic);
        string read = await KafkaAsync(
            "", "consumer", "--include", $"console-.*{topic[^8..]}", "--group", group, "--command-property", "group.protocol=consumer", "--from-beginning",
            "--max-messages", "3", "--timeout-ms", "60000");
        Assert.Equal(["one", "three", "two"], read.Split('\n').Where(line => line is "one" or "two" or "three").Order(StringComparer.Ordinal));
        string[] state = (await KafkaAsync("", "groups", "--describe", "--group", group, "--state")).Split('\n');
        Assert.Contains(state, line => line.Contains("uniform", StringComparison.Ordinal) && line.Contains("Empty", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_configs_tool_changes_and_describes_topics_and_brokers()
    {
        string topic = $"configs-{Guid.NewGuid():N}";
        await KafkaAsync("", "topics", "--create", "--topic", topic, "--partitions", "1", "--config", "cleanup.policy=compact");
        await KafkaAsync("", "configs", "--alter", "--entity-type", "topics", "--entity-name", topic, "--add-config", "retention.ms=5000,cleanup.policy=[compact,delete]");
        string described = await KafkaAsync("", "configs", "--describe", "--entity-type", "topics", "--entity-name", topic);
        Assert.Contains("retention.ms=5000", described, StringComparison.Ordinal);
        Assert.Contains("cleanup.policy=compact,delete", described, StringComparison.Ordinal);
        await KafkaAsync("", "configs", "--alter", "--entity-type", "topics", "--entity-name", topic, "--delete-config", "retention.ms");
        Assert.DoesNotContain("retention.ms", await KafkaAsync("", "configs", "--describe", "--entity-type", "topics", "--entity-name", topic), StringComparison.Ordinal);
        await KafkaAsync("", "configs", "--alter", "--entity-type", "brokers", "--entity-default", "--add-config", "log.segment.delete.delay.ms=5000");
        described = await KafkaAsync("", "configs", "--describe", "--entity-type", "topics", "--entity-name", topic, "--all");
        Assert.Contains("DYNAMIC_DEFAULT_BROKER_CONFIG:log.segment.delete.delay.ms=5000", described, StringComparison.Ordinal);
        await KafkaAsync("", "configs", "--alter", "--entity-type", "brokers", "--entity-default", "--delete-config", "log.segment.delete.delay.ms");
    }

    private Task<string> KcatAsync(string input, params string[] arguments)
    {
        Assert.SkipWhen(Peers.Kcat is null, "kcat is missing: this test would run it against the broker.");
        return RunAsync(Peers.Kcat!, input, [.. arguments, "-b", BootstrapServers]);
    }

    private Task<string> KafkaAsync(string input, string tool, params string[] arguments)
    {
        Assert.SkipWhen(Peers.KafkaTool is null, "Apache Kafka's tools are missing: this test would run them against the broker.");
        return RunAsync(Peers.KafkaTool!, input, [tool, "--bootstrap-server", BootstrapServers, .. arguments]);
    }

    private static async Task<string> RunAsync(string program, string input, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(patience.Token);
            Assert.True(process.ExitCode == 0, $"{Path.GetFileName(program)} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
            return await output;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
