using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Log;

/// <summary>A broker as a process of its own, whose operator uses Kafka's tools.</summary>
public class RunningBrokerTests
{
    [Fact]
    public async Task It_begins_to_tell_of_requests_when_it_is_told_to()
    {
        await using FreshetProcess node = Start();
        string server = await node.ReadyAsync("broker");
        string[] loggers = ["configs", "--bootstrap-server", server, "--entity-type", "broker-loggers", "--entity-name", "1"];
        await RunAsync([.. loggers, "--describe"]);
        await RunAsync([.. loggers, "--alter", "--add-config", "Freshet.Broker.Requests=DEBUG"]);
        await RunAsync("topics", "--bootstrap-server", server, "--list");
        Assert.Equal(0, await node.StopAsync());
        string log = await node.ErrorsAsync();
        Assert.Contains("The level of logger Freshet.Broker.Requests is now DEBUG.", log, StringComparison.Ordinal);
        Assert.Contains("Metadata version", log[log.IndexOf("is now DEBUG", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.DoesNotContain("Metadata version", log[..log.IndexOf("is now DEBUG", StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("usable", "--client-telemetry", "http://127.0.0.1:4318")]
    [InlineData("UNSUPPORTED")]
    public async Task It_says_that_it_takes_clients_metrics_when_it_has_a_collector_for_them(string told, params string[] arguments)
    {
        await using FreshetProcess node = Start(arguments);
        string versions = await RunAsync("api-versions", "--bootstrap-server", await node.ReadyAsync("broker"));
        Assert.Contains(versions.Split('\n'), line => line.Contains("PushTelemetry(72)", StringComparison.Ordinal) && line.Contains(told, StringComparison.Ordinal));
    }

    private static FreshetProcess Start(params string[] arguments)
    {
        Assert.SkipWhen(Peers.KafkaTool is null, "Apache Kafka's tools are missing: this test would run them against the broker.");
        return FreshetProcess.Start(["node", "--ephemeral", "--coordination-port", "0", "--kafka-port", "0", "--http-port", "0", .. arguments]);
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        ProgramRun run = await ProgramRun.RunAsync(Peers.KafkaTool!, arguments);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', arguments)} ended with {run.ExitCode}: {run.Output}{run.Errors}");
        return run.Output;
    }
}
