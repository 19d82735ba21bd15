using System.Diagnostics;
using System.Text;
using Freshet.Broker;
using Freshet.Node;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Log;

/// <summary>Kafka's Java client, which sends metrics of itself by itself to a broker that takes them.</summary>
public class JavaTelemetryTests
{
    [Fact]
    public async Task The_Java_producer_sends_what_it_is_asked_for()
    {
        Assert.SkipWhen(Peers.KafkaTool is null, "Apache Kafka's tools are missing: this test would run their producer against the broker.");
        var first = new TaskCompletionSource<ClientTelemetry>();
        await using FreshetNode node = await FreshetNode.StartAsync(
            new FreshetNodeOptions { ConfigureBroker = broker => broker.ClientTelemetryReceiver = push => first.TrySetResult(push) });
        string[] server = ["--bootstrap-server", node.BootstrapServers!];
        ProgramRun made = await ProgramRun.RunAsync(
            Peers.KafkaTool!,
            ["client-metrics", .. server, "--alter", "--name", "all", "--metrics", "org.apache.kafka.producer.", "--interval", "500", "--match", "client_software_name=apache-kafka-java"]);
        Assert.True(made.ExitCode == 0, made.Output + made.Errors);

        // It produces slowly until it is ended: whether it sends anything when it ends by itself is its own whim.
        using Process producer = Process.Start(new ProcessStartInfo(
            Peers.KafkaTool!, ["producer-perf", .. server, "--topic", "t", "--num-records", "100000", "--record-size", "10", "--throughput", "10"])
        { RedirectStandardOutput = true })!;
        try
        {
            ClientTelemetry push = await first.Task.WaitAsync(TimeSpan.FromMinutes(1));
            Assert.Equal(("perf-producer-client", "apache-kafka-java"), (push.ClientId, push.SoftwareName));
            Assert.Contains("org.apache.kafka.producer.", Encoding.UTF8.GetString(push.Metrics.Span), StringComparison.Ordinal);
        }
        finally
        {
            producer.Kill(entireProcessTree: true);
            await producer.WaitForExitAsync();
        }
    }
}
