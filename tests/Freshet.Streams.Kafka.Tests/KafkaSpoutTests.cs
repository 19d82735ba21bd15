using System.Globalization;
using System.Text;
using Freshet.Streams.Testing;
using Freshet.Tests.Support;

namespace Freshet.Streams.Kafka.Tests;

public sealed class FreshetKafkaSpoutTests(FreshetBroker broker) : KafkaSpoutTests(broker), IClassFixture<FreshetBroker>;

public sealed class ApacheKafkaSpoutTests(ApacheBroker broker) : KafkaSpoutTests(broker), IClassFixture<ApacheBroker>;

public abstract class KafkaSpoutTests
{
    private const int Partitions = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly KafkaBroker _broker;

    protected KafkaSpoutTests(KafkaBroker broker)
    {
        broker.SkipWhenMissing();
        _broker = broker;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_bounded_spout_brings_every_record_once_whatever_the_number_of_tasks_and_ends(int tasks)
    {
        string topic = await _broker.CreateTopicAsync(Partitions);
        await _broker.ProduceAsync(topic, Partitions, Enumerable.Range(0, 1_000));
        var sink = new CollectingSink<KafkaRecord>();
        await RunToEndAsync(Options(topic, (in KafkaRecord record) => record), sink, tasks);
        Assert.Equal(
            Enumerable.Range(0, 1_000).Select(number => (topic, number % Partitions, (long)(number / Partitions), number + 1L, $"k{number}", $"{number}")),
            sink.Tuples.Select(record => (
                    record.Topic, record.Partition, record.Offset, record.Timestamp.ToUnixTimeSeconds(), Encoding.UTF8.GetString(record.Key!), Encoding.UTF8.GetString(record.Value!)))
                .OrderBy(record => record.Item4));
    }

    [Fact]
    public async Task A_bounded_spout_over_an_empty_topic_ends_at_once()
    {
        string topic = await _broker.CreateTopicAsync(Partitions);
        var sink = new CollectingSink<int>();
        await RunToEndAsync(Options(topic, Number), sink);
        Assert.Empty(sink.Tuples);
    }

    [Fact]
    public async Task A_spout_goes_on_exactly_behind_the_last_checkpoint_even_with_another_number_of_tasks()
    {
        using var folder = new TemporaryFolder();
        string topic = await _broker.CreateTopicAsync(Partitions);
        await _broker.ProduceAsync(topic, Partitions, Enumerable.Range(0, 300));
        var first = new CollectingSink<int>();
        await using (var cluster = new LocalCluster())
        {
            TopologyRun run = cluster.Submit(Topology(Live(topic), first, tasks: 2), new RunOptions { CheckpointDirectory = folder.Path, CheckpointInterval = Patience });
            await UntilAsync(() => first.Tuples.Count == 300, run);
            await run.CheckpointAsync();
            await UntilAsync(() => _broker.Committed(topic, Partitions, "lag") is [100, 100, 100], run);

            // These are behind the checkpoint: a restart must bring them again.
            await _broker.ProduceAsync(topic, Partitions, Enumerable.Range(300, 300));
            await UntilAsync(() => first.Tuples.Count == 600, run);
        }

        var second = new CollectingSink<int>();
        await using (var cluster = new LocalCluster())
        {
            TopologyRun run = cluster.Submit(Topology(Live(topic), second, tasks: 1), new RunOptions { CheckpointDirectory = folder.Path, CheckpointInterval = Patience });
            await UntilAsync(() => second.Tuples.Count >= 300, run);
            await run.StopAsync();
        }

        Assert.Equal(Enumerable.Range(300, 300), second.Tuples.Order());
    }

    [Fact]
    public async Task A_spout_that_starts_at_the_committed_offsets_brings_what_came_behind_them()
    {
        using var folder = new TemporaryFolder();
        string topic = await _broker.CreateTopicAsync(Partitions);
        await _broker.ProduceAsync(topic, Partitions, Enumerable.Range(0, 30));
        KafkaSpoutOptions<int> Committed() => Options(topic, Number, KafkaStart.Committed, groupId: "committed");
        var all = new CollectingSink<int>();
        await RunToEndAsync(Committed(), all, checkpoints: folder.Path);
        Assert.Equal(Enumerable.Range(0, 30), all.Tuples.Order());

        await _broker.ProduceAsync(topic, Partitions, Enumerable.Range(30, 30));
        var rest = new CollectingSink<int>();
        await RunToEndAsync(Committed(), rest);
        Assert.Equal(Enumerable.Range(30, 30), rest.Tuples.Order());
    }

    [Fact]
    public async Task A_spout_that_starts_at_the_latest_offsets_brings_nothing_older()
    {
        string topic = await _broker.CreateTopicAsync(Partitions);
        await _broker.ProduceAsync(topic, Partitions, Enumerable.Range(0, 30));
        var sink = new CollectingSink<int>();
        await RunToEndAsync(Options(topic, Number, KafkaStart.Latest), sink);
        Assert.Empty(sink.Tuples);
    }

    [Fact]
    public async Task A_record_that_cannot_be_decoded_fails_the_topology_and_says_where_it_stands()
    {
        string topic = await _broker.CreateTopicAsync(1);
        await _broker.ProduceAsync(topic, 1, [0, 1, 2]);
        TopologyException failure = await Assert.ThrowsAsync<TopologyException>(
            () => RunToEndAsync(Options(topic, NotTwo), new CollectingSink<int>()));
        Assert.Contains($"Record 2 of {topic}/0 cannot be decoded: two.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_cannot_be_decoded_is_skipped_when_somebody_takes_it()
    {
        string topic = await _broker.CreateTopicAsync(1);
        await _broker.ProduceAsync(topic, 1, [0, 1, 2, 3]);
        var sink = new CollectingSink<int>();
        var skipped = new List<long>();
        await RunToEndAsync(Options(topic, NotTwo, onUndecodable: (record, _) => skipped.Add(record.Offset)), sink);
        Assert.Equal([0, 1, 3], sink.Tuples);
        Assert.Equal([2L], skipped);
    }

    [Fact]
    public async Task A_topic_that_does_not_exist_fails_the_topology_and_names_it()
    {
        TopologyException failure = await Assert.ThrowsAsync<TopologyException>(
            () => RunToEndAsync(Options("no-such-topic", Number), new CollectingSink<int>()));
        Assert.Contains("Topic 'no-such-topic' cannot be read", failure.Message, StringComparison.Ordinal);
    }

    private static int Number(in KafkaRecord record) => int.Parse(Encoding.UTF8.GetString(record.Value!), CultureInfo.InvariantCulture);

    private static int NotTwo(in KafkaRecord record) => Number(in record) is not 2 and int number ? number : throw new FormatException("two.");

    private KafkaSpoutOptions<int> Live(string topic) => new()
    {
        BootstrapServers = _broker.BootstrapServers,
        Topic = topic,
        Decoder = Number,
        GroupId = "lag",
    };

    private KafkaSpoutOptions<T> Options<T>(
        string topic, KafkaDecoder<T> decoder, KafkaStart start = KafkaStart.Earliest, string? groupId = null, Action<KafkaRecord, Exception>? onUndecodable = null) => new()
        {
            BootstrapServers = _broker.BootstrapServers,
            Topic = topic,
            Decoder = decoder,
            Start = start,
            GroupId = groupId,
            IsBounded = true,
            OnUndecodable = onUndecodable,
        };

    private static Topology Topology<T>(KafkaSpoutOptions<T> options, ISink<T> sink, int tasks)
    {
        var builder = new TopologyBuilder("read");
        builder.AddSpout("records", () => new KafkaSpout<T>(options), tasks).AddSink("collect", () => sink);
        return builder.Build();
    }

    private static async Task RunToEndAsync<T>(KafkaSpoutOptions<T> options, ISink<T> sink, int tasks = 1, string? checkpoints = null)
    {
        await using var cluster = new LocalCluster();
        await cluster.Submit(Topology(options, sink, tasks), new RunOptions { CheckpointDirectory = checkpoints }).Completion.WaitAsync(Patience);
    }

    private static async Task UntilAsync(Func<bool> condition, TopologyRun run)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!condition())
        {
            if (run.Completion.IsCompleted)
            {
                await run.Completion;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), deadline.Token);
        }
    }
}
