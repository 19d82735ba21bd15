using Freshet.Streams.Testing;

namespace Freshet.Streams.Tests;

public class TopologyTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    [InlineData(2, 3)]
    public async Task Every_tuple_arrives_once_through_a_shuffle(int spouts, int bolts)
    {
        int[] input = [.. Enumerable.Range(0, 10_000)];
        var sink = new CollectingSink<int>();
        var builder = new TopologyBuilder("shuffle");
        builder.AddSpout("numbers", () => new ListSpout<int>(input), spouts).Shuffle().Map("double", n => n * 2, bolts).AddSink("all", () => sink);
        await RunAsync(builder);
        Assert.Equal(input.Select(n => n * 2), sink.Tuples.Order());
    }

    [Fact]
    public async Task All_tuples_of_a_key_reach_one_task()
    {
        string[] input = [.. Enumerable.Range(0, 5_000).Select(n => $"key-{n % 97}")];
        var sink = new CollectingSink<(string Key, int Task)>();
        var builder = new TopologyBuilder("keys");
        builder.AddSpout("words", () => new ListSpout<string>(input), 2).GroupBy(word => word).AddBolt("tag", () => new TaskTagBolt(), 4).Global().AddSink("all", () => sink, 1);
        await RunAsync(builder);
        Assert.Equal(input.Length, sink.Tuples.Count);
        Assert.All(sink.Tuples.GroupBy(tuple => tuple.Key), group => Assert.Single(group.Select(tuple => tuple.Task).Distinct()));
        Assert.True(sink.Tuples.Select(tuple => tuple.Task).Distinct().Count() > 1);
    }

    [Fact]
    public async Task Global_goes_to_the_first_task_and_all_to_every_task()
    {
        var builder = new TopologyBuilder("groupings");
        CollectingSink<(string, int)> global = new(), all = new();
        Stream<string> words = builder.AddSpout("words", () => new ListSpout<string>(["a", "b", "c"]));
        words.Global().AddBolt("first", () => new WhichTaskBolt(), 3).Global().AddSink("global", () => global, 1);
        words.All().AddBolt("every", () => new WhichTaskBolt(), 3).Global().AddSink("everything", () => all, 1);
        await RunAsync(builder);
        Assert.Equal([("a", 0), ("b", 0), ("c", 0)], global.Tuples.Order());
        Assert.Equal(9, all.Tuples.Distinct().Count());
    }

    [Fact]
    public async Task Streams_can_be_merged_and_split()
    {
        var sink = new CollectingSink<int>();
        var builder = new TopologyBuilder("merge");
        Stream<int> numbers = builder.AddSpout("numbers", () => new ListSpout<int>([.. Enumerable.Range(0, 100)]));
        Stream<int> even = numbers.Where("even", n => n % 2 == 0);
        Stream<int> odd = numbers.Where("odd", n => n % 2 == 1);
        even.Merge(odd).AddSink("all", () => sink);
        await RunAsync(builder);
        Assert.Equal(Enumerable.Range(0, 100), sink.Tuples.Order());
    }

    [Fact]
    public async Task A_slow_sink_slows_the_spout()
    {
        var gate = new TaskCompletionSource();
        var spout = new EndlessSpout();
        var builder = new TopologyBuilder("slow");
        builder.AddSpout("endless", () => spout).Shuffle().AddSink("stuck", () => new GateSink(gate.Task));
        await using var cluster = new LocalCluster();
        TopologyRun run = cluster.Submit(builder.Build());
        long before;
        do
        {
            before = spout.Emitted;
            await Task.Delay(50);
        }
        while (before == 0 || spout.Emitted != before);

        // The spout stands still with a few batches in between, though it could emit for ever.
        Assert.InRange(spout.Emitted, 1, 100_000);
        gate.SetResult();
        await run.StopAsync().WaitAsync(Patience);
        Assert.Equal(RunStatus.Stopped, run.Status);
    }

    [Fact]
    public async Task A_failure_names_its_component_and_ends_the_run()
    {
        var builder = new TopologyBuilder("failing");
        builder.AddSpout("numbers", () => new EndlessSpout()).Shuffle()
            .Map<int>("divide", _ => throw new InvalidOperationException("no such number")).AddSink("out", () => new CollectingSink<int>());
        await using var cluster = new LocalCluster();
        TopologyRun run = cluster.Submit(builder.Build());
        TopologyException failure = await Assert.ThrowsAsync<TopologyException>(() => run.Completion.WaitAsync(Patience));
        Assert.Contains("'divide'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no such number", failure.Message, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Failed, run.Status);
    }

    [Fact]
    public async Task An_idle_topology_stops_when_asked()
    {
        var builder = new TopologyBuilder("idle");
        builder.AddSpout("waiting", () => new WaitingSpout()).AddSink("out", () => new CollectingSink<int>());
        await using var cluster = new LocalCluster();
        TopologyRun run = cluster.Submit(builder.Build());
        await run.StopAsync().WaitAsync(Patience);
        Assert.Equal(RunStatus.Stopped, run.Status);
    }

    [Fact]
    public async Task Metrics_count_every_tuple()
    {
        var builder = new TopologyBuilder("metrics");
        builder.AddSpout("numbers", () => new ListSpout<int>([.. Enumerable.Range(0, 1_000)])).Shuffle().Map("same", n => n, 2).AddSink("out", () => new CollectingSink<int>());
        TopologyRun run = await RunAsync(builder);
        Assert.Equal(1_000, run.Metrics.Where(task => task.Component == "numbers").Sum(task => task.Emitted));
        Assert.Equal(1_000, run.Metrics.Where(task => task.Component == "same").Sum(task => task.Executed));
        Assert.Equal(1_000, run.Metrics.Where(task => task.Component == "out").Sum(task => task.Executed));
    }

    [Fact]
    public void A_topology_that_cannot_run_is_refused()
    {
        Assert.Throws<TopologyException>(() => new TopologyBuilder("empty").Build());
        var builder = new TopologyBuilder("twice");
        builder.AddSpout("a", () => new ListSpout<int>([]));
        Assert.Throws<TopologyException>(() => builder.AddSpout("a", () => new ListSpout<int>([])));
        Assert.Throws<TopologyException>(() => builder.AddSpout("b", () => new ListSpout<int>([]), parallelism: 0));
    }

    private static async Task<TopologyRun> RunAsync(TopologyBuilder builder)
    {
        await using var cluster = new LocalCluster();
        TopologyRun run = cluster.Submit(builder.Build());
        await run.Completion.WaitAsync(Patience);
        Assert.Equal(RunStatus.Completed, run.Status);
        return run;
    }

    private sealed class TaskTagBolt : KeyedBolt<string, string, (string, int)>
    {
        private int _task;

        public override void Open(KeyedBoltContext<string> context) => _task = context.TaskIndex;

        public override void Execute(string key, string tuple, IEmitter<(string, int)> output) => output.Emit((key, _task));
    }

    private sealed class WhichTaskBolt : Bolt<string, (string, int)>
    {
        private int _task;

        public override void Open(TaskContext context) => _task = context.TaskIndex;

        public override void Execute(string tuple, IEmitter<(string, int)> output) => output.Emit((tuple, _task));
    }

    private sealed class GateSink(Task gate) : ISink<int>
    {
        public ValueTask OpenAsync(TaskContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

        public async ValueTask WriteAsync(ReadOnlyMemory<int> tuples, CancellationToken cancellation) => await gate.WaitAsync(cancellation);

        public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private class EndlessSpout : ISpout<int>
    {
        private long _emitted;

        public long Emitted => Interlocked.Read(ref _emitted);

        public ValueTask OpenAsync(SpoutContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

        public virtual ValueTask<SpoutStatus> NextAsync(IEmitter<int> output, CancellationToken interrupt)
        {
            output.Emit((int)Interlocked.Increment(ref _emitted));
            return ValueTask.FromResult(SpoutStatus.Emitted);
        }

        public void SavePositions(PositionWriter positions) => positions.Save("n", BitConverter.GetBytes(Emitted));

        public ValueTask CheckpointCompletedAsync(long checkpointId, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class WaitingSpout : EndlessSpout
    {
        public override async ValueTask<SpoutStatus> NextAsync(IEmitter<int> output, CancellationToken interrupt)
        {
            await Task.Delay(Timeout.Infinite, interrupt);
            return SpoutStatus.Idle;
        }
    }
}
