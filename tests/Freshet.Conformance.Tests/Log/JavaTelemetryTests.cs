using System.Text;
using Freshet.Broker;
using Freshet.Node;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Log;

/// <summary>Kafka's Java client, which sends metrics of itself by itself to a broker that takes them.</summary>
public class JavaTelemetryTests
{
    [Fact]
    public async Task The_Java_producer_sends_what_it_is_asked_for_and_says_that_it_ends()
    {
        Assert.SkipWhen(Peers.KafkaTool is null, "Apache Kafka's tools are missing: this test would run their producer against the broker.");
        var last = new TaskCompletionSource<ClientTelemetry>();
        await using FreshetNode node = await FreshetNode.StartAsync(new FreshetNodeOptions
        {
            ConfigureBroker = broker => broker.ClientTelemetryReceiver = push =>
            {
                if (push.IsTerminating)
                {
                    last.TrySetResult(push);
                }
            },
        });
        await RunAsync("client-metrics", "--alter", "--name", "all", "--metrics", "org.apache.kafka.producer.", "--interval", "1000", "--match", "client_software_name=apache-kafka-java");
        await RunAsync("producer-perf", "--topic", "t", "--num-records", "20", "--record-size", "10", "--throughput", "10");

        ClientTelemetry push = await last.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(("perf-producer-client", "apache-kafka-java"), (push.ClientId, push.SoftwareName));
        Assert.Contains("org.apache.kafka.producer.", Encoding.UTF8.GetString(push.Metrics.Span), StringComparison.Ordinal);

        async Task RunAsync(string tool, params string[] arguments)
        {
            ProgramRun run = await ProgramRun.RunAsync(Peers.KafkaTool!, [tool, "--bootstrap-server", node.BootstrapServers!, .. arguments]);
            Assert.True(run.ExitCode == 0, $"{tool} ended with {run.ExitCode}: {run.Output}{run.Errors}");
        }
    }
}
