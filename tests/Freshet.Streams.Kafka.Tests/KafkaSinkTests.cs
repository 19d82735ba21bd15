using System.Text;
using Confluent.Kafka;
using Freshet.Streams.Testing;
using Freshet.Tests.Support;

namespace Freshet.Streams.Kafka.Tests;

public sealed class FreshetKafkaSinkTests(FreshetBroker broker) : KafkaSinkTests(broker), IClassFixture<FreshetBroker>;

public sealed class ApacheKafkaSinkTests(ApacheBroker broker) : KafkaSinkTests(broker), IClassFixture<ApacheBroker>;

public abstract class KafkaSinkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly KafkaBroker _broker;

    protected KafkaSinkTests(KafkaBroker broker)
    {
        broker.SkipWhenMissing();
        _broker = broker;
    }

    [Fact]
    public async Task Every_tuple_is_in_the_topic_when_the_topology_has_ended()
    {
        string topic = await _broker.CreateTopicAsync(3);
        await RunAsync(Options(topic), Enumerable.Range(0, 5_000));
        Assert.Equal(Enumerable.Range(0, 5_000).Select(n => $"k{n % 7}={n}").Order(), _broker.ReadAll(topic, 3).Order());
    }

    [Fact]
    public async Task Tuples_before_a_checkpoint_are_in_the_topic_when_it_completes()
    {
        using var folder = new TemporaryFolder();
        string topic = await _broker.CreateTopicAsync(1);
        var spout = new SilentAfterSpout(100);
        var builder = new TopologyBuilder("write");
        // Left alone, the client would keep records back for longer than the test takes.
        builder.AddSpout("numbers", () => spout).AddSink("kafka", () => new KafkaSink<int>(Options(topic, config => config.LingerMs = 60_000)));
        await using var cluster = new LocalCluster();
        TopologyRun run = cluster.Submit(builder.Build(), new RunOptions { CheckpointDirectory = folder.Path, CheckpointInterval = Patience });
        await spout.Silent.WaitAsync(Patience);
        Assert.Empty(_broker.ReadAll(topic, 1));
        await run.CheckpointAsync().WaitAsync(Patience);
        Assert.Equal(100, _broker.ReadAll(topic, 1).Count);
    }

    [Fact]
    public async Task Records_without_key_and_tombstones_are_written_as_such()
    {
        string topic = await _broker.CreateTopicAsync(1);
        await RunAsync(new KafkaSinkOptions<int> { BootstrapServers = _broker.BootstrapServers, Topic = topic, Value = n => n == 0 ? null : [(byte)'x'] }, [0, 1]);
        Assert.Equal(["null=null", "null=x"], _broker.ReadAll(topic, 1));
    }

    [Fact]
    public async Task A_tuple_that_cannot_be_delivered_fails_the_topology()
    {
        string topic = await _broker.CreateTopicAsync(1);
        var options = new KafkaSinkOptions<int> { BootstrapServers = _broker.BootstrapServers, Topic = topic, Value = n => new byte[n == 5 ? 2_000_000 : 1] };
        TopologyException failure = await Assert.ThrowsAsync<TopologyException>(() => RunAsync(options, Enumerable.Range(0, 10)));
        Assert.IsAssignableFrom<KafkaException>(failure.InnerException);
    }

    private KafkaSinkOptions<int> Options(string topic, Action<ProducerConfig>? configure = null) => new()
    {
        BootstrapServers = _broker.BootstrapServers,
        Topic = topic,
        Key = n => Encoding.UTF8.GetBytes($"k{n % 7}"),
        Value = n => Encoding.UTF8.GetBytes($"{n}"),
        Configure = configure,
    };

    private static async Task RunAsync(KafkaSinkOptions<int> options, IEnumerable<int> numbers)
    {
        var builder = new TopologyBuilder("write");
        builder.AddSpout("numbers", () => new ListSpout<int>([.. numbers])).AddSink("kafka", () => new KafkaSink<int>(options));
        await using var cluster = new LocalCluster();
        await cluster.Submit(builder.Build()).Completion.WaitAsync(Patience);
    }

    /// <summary>Emits so many tuples, then waits without end.</summary>
    private sealed class SilentAfterSpout(int count) : ISpout<int>
    {
        private readonly TaskCompletionSource _silent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _emitted;

        public Task Silent => _silent.Task;

        public ValueTask OpenAsync(SpoutContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask<SpoutStatus> NextAsync(IEmitter<int> output, CancellationToken interrupt)
        {
            if (_emitted < count)
            {
                output.Emit(_emitted++);
                return ValueTask.FromResult(SpoutStatus.Emitted);
            }

            _silent.TrySetResult();
            return ValueTask.FromResult(SpoutStatus.Idle);
        }

        public void SavePositions(PositionWriter positions)
        {
        }

        public ValueTask CheckpointCompletedAsync(long checkpointId, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
