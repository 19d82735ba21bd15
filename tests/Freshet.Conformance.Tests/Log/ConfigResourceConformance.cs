using System.Globalization;
using Confluent.Kafka;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Log;

/// <summary>Kafka's tools for what has settings beside topics, brokers and groups, the same against Freshet and Apache Kafka.</summary>
public abstract class ConfigResourceConformance
{
    protected abstract string BootstrapServers { get; }

    [Fact]
    public async Task Levels_of_loggers_are_described_set_and_taken_back()
    {
        string[] loggers = ["configs", "--entity-type", "broker-loggers", "--entity-name", BrokerId()];
        string logger = Lines(await OutputAsync([.. loggers, "--describe"])).Select(line => line.Split('=')[0]).First(name => name.Contains('.', StringComparison.Ordinal));
        await OutputAsync([.. loggers, "--alter", "--add-config", $"{logger}=ERROR"]);
        Assert.Contains($"{logger}=ERROR sensitive=false synonyms={{}}", Lines(await OutputAsync([.. loggers, "--describe"])));
        await OutputAsync([.. loggers, "--alter", "--delete-config", logger]);
        await OutputAsync([.. loggers, "--alter", "--add-config", "root=INFO"]);
        Assert.Equal(
            [$"{logger}=INFO", "root=INFO"],
            Lines(await OutputAsync([.. loggers, "--describe"])).Select(line => line.Split(' ')[0]).Where(line => line.Split('=')[0] is var name && (name == "root" || name == logger)).Order(StringComparer.Ordinal));
        Assert.Contains("InvalidRequestException", await AllOutputAsync([.. loggers, "--alter", "--delete-config", "root"]), StringComparison.Ordinal);
        Assert.Contains("InvalidConfigurationException", await AllOutputAsync([.. loggers, "--alter", "--add-config", $"{logger}=LOUD"]), StringComparison.Ordinal);
        Assert.Contains("Invalid broker logger(s): nosuch", await AllOutputAsync([.. loggers, "--alter", "--add-config", "nosuch=INFO"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_metrics_are_subscribed_to_described_listed_and_deleted()
    {
        string name = $"metrics-{Guid.NewGuid():N}";
        await OutputAsync("client-metrics", "--alter", "--name", name, "--metrics", "org.apache.kafka.producer.,org.apache.kafka.consumer.", "--interval", "5000", "--match", "client_id=a.*");
        Assert.Equal(
            ["interval.ms=5000", "match=client_id=a.*", "metrics=org.apache.kafka.producer.,org.apache.kafka.consumer."],
            Lines(await OutputAsync("client-metrics", "--describe", "--name", name)).Where(line => line.Contains('=', StringComparison.Ordinal)));
        Assert.Contains(name, Lines(await OutputAsync("client-metrics", "--list")));

        string[] settings = ["configs", "--entity-type", "client-metrics", "--entity-name", name];
        await OutputAsync([.. settings, "--alter", "--add-config", "metrics=[a.,b.]"]);
        await OutputAsync([.. settings, "--alter", "--delete-config", "match"]);
        Assert.Equal(
            ["interval.ms=5000", "metrics=a.,b."],
            Lines(await OutputAsync([.. settings, "--describe"])).Select(line => line.Split(' ')[0]).Where(setting => setting.Contains('=', StringComparison.Ordinal)));
        Assert.Contains("InvalidRequestException", await AllOutputAsync([.. settings, "--alter", "--add-config", "interval.ms=1"]), StringComparison.Ordinal);
        Assert.Contains("Illegal client matching pattern: nobody=x", await AllOutputAsync("client-metrics", "--alter", "--name", name, "--match", "nobody=x"), StringComparison.Ordinal);

        await OutputAsync("client-metrics", "--delete", "--name", name);
        Assert.DoesNotContain(name, Lines(await OutputAsync("client-metrics", "--list")));
    }

    private static IEnumerable<string> Lines(string output) => output.Split('\n').Select(line => line.Trim());

    private string BrokerId()
    {
        using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers }).Build();
        return Assert.Single(admin.GetMetadata(TimeSpan.FromSeconds(30)).Brokers).BrokerId.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>What a tool says that succeeds.</summary>
    private async Task<string> OutputAsync(params string[] arguments)
    {
        ProgramRun run = await RunAsync(arguments);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', arguments)} ended with {run.ExitCode}: {run.Output}{run.Errors}");
        return run.Output;
    }

    /// <summary>What a tool says, of errors too.</summary>
    private async Task<string> AllOutputAsync(params string[] arguments)
    {
        ProgramRun run = await RunAsync(arguments);
        return run.Output + run.Errors;
    }

    private Task<ProgramRun> RunAsync(string[] arguments)
    {
        Assert.SkipWhen(Peers.KafkaTool is null, "Apache Kafka's tools are missing: this test would run them against the broker.");
        return ProgramRun.RunAsync(Peers.KafkaTool!, [arguments[0], "--bootstrap-server", BootstrapServers, .. arguments[1..]]);
    }
}
