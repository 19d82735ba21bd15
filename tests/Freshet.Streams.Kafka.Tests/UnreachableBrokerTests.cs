using Freshet.Streams.Testing;
using Freshet.Tests.Support;

namespace Freshet.Streams.Kafka.Tests;

public class UnreachableBrokerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _nobody = $"127.0.0.1:{FreshetProcess.FreePort()}";

    [Fact]
    public async Task A_sink_whose_records_time_out_fails_the_topology()
    {
        var options = new KafkaSinkOptions<int>
        {
            BootstrapServers = _nobody,
            Topic = "t",
            Value = _ => [1],
            Configure = config => config.MessageTimeoutMs = 500,
        };
        var builder = new TopologyBuilder("write");
        builder.AddSpout("numbers", () => new ListSpout<int>([1, 2, 3])).AddSink("kafka", () => new KafkaSink<int>(options));
        await using var cluster = new LocalCluster();
        TopologyException failure = await Assert.ThrowsAsync<TopologyException>(() => cluster.Submit(builder.Build()).Completion.WaitAsync(Patience));
        Assert.Contains("A record for topic 't' was not delivered", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_spout_whose_brokers_do_not_answer_fails_the_topology_after_its_timeout()
    {
        var options = new KafkaSpoutOptions<int>
        {
            BootstrapServers = _nobody,
            Topic = "t",
            Decoder = (in record) => record.Partition,
            OpenTimeout = TimeSpan.FromMilliseconds(500),
        };
        var builder = new TopologyBuilder("read");
        builder.AddSpout("records", () => new KafkaSpout<int>(options)).AddSink("collect", () => new CollectingSink<int>());
        await using var cluster = new LocalCluster();
        await Assert.ThrowsAsync<TopologyException>(() => cluster.Submit(builder.Build()).Completion.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_spout_that_starts_at_committed_offsets_wants_a_group()
    {
        var options = new KafkaSpoutOptions<int> { BootstrapServers = _nobody, Topic = "t", Decoder = (in record) => record.Partition, Start = KafkaStart.Committed };
        var builder = new TopologyBuilder("read");
        builder.AddSpout("records", () => new KafkaSpout<int>(options)).AddSink("collect", () => new CollectingSink<int>());
        await using var cluster = new LocalCluster();
        TopologyException failure = await Assert.ThrowsAsync<TopologyException>(() => cluster.Submit(builder.Build()).Completion.WaitAsync(Patience));
        Assert.Contains("needs a GroupId", failure.Message, StringComparison.Ordinal);
    }
}
