using CsCheck;
using Freshet.Streams.Testing;

namespace Freshet.Streams.Tests;

public class TumblingWindowTests
{
    private static readonly TimeSpan Size = TimeSpan.FromSeconds(10);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly record struct Event(string Key, DateTimeOffset Time, int Amount);

    [Fact]
    public void Final_results_equal_a_plain_grouping_when_nothing_is_late() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 100_000], Gen.Int[1, 9]).Array[0, 400].Sample(
            input =>
            {
                Event[] events = [.. input.Select(entry => new Event($"k{entry.Item1}", Start.AddMilliseconds(entry.Item2), entry.Item3))];
                // Disorder is bounded by the whole range, so nothing can be late.
                (IReadOnlyCollection<WindowResult<string, int>> results, IReadOnlyCollection<Event> late) = Run(events, TimeSpan.FromSeconds(101), TimeSpan.Zero, 3);
                var expected = events.GroupBy(e => (e.Key, Start: e.Time.UtcTicks / Size.Ticks))
                    .Select(group => (group.Key.Key, group.Key.Start, Sum: group.Sum(e => e.Amount))).Order();
                Assert.Equal(expected, results.Select(result => (result.Key, Start: result.Start.UtcTicks / Size.Ticks, Sum: result.Value)).Order());
                Assert.All(results, result => Assert.Equal(WindowResultKind.Final, result.Kind));
                Assert.Empty(late);
            },
            iter: 50);

    [Fact]
    public void A_tuple_is_counted_or_late_but_never_lost() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 60_000]).Array[0, 300].Sample(
            input =>
            {
                Event[] events = [.. input.Select(entry => new Event($"k{entry.Item1}", Start.AddMilliseconds(entry.Item2), 1))];
                (IReadOnlyCollection<WindowResult<string, int>> results, IReadOnlyCollection<Event> late) = Run(events, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), 2);
                int counted = results.GroupBy(result => (result.Key, result.Start)).Sum(window => window.Max(result => result.Value));
                Assert.Equal(events.Length, counted + late.Count);
            },
            iter: 50);

    [Fact]
    public async Task A_tuple_behind_the_watermark_goes_to_the_late_output()
    {
        // The second call is far ahead and moves the watermark; the third comes too late for the first window.
        var spout = new ScriptedSpout([[At("a", 1)], [At("a", 60)], [At("a", 2)]]);
        (IReadOnlyCollection<WindowResult<string, int>> results, IReadOnlyCollection<Event> late) = await RunAsync(() => spout, TimeSpan.Zero, TimeSpan.Zero, 1);
        Assert.Equal([At("a", 2)], late);
        Assert.Equal([(Start, 1), (Start.AddSeconds(60), 1)], results.Select(result => (result.Start, result.Value)));
    }

    [Fact]
    public async Task Within_the_allowed_lateness_a_result_is_corrected()
    {
        var spout = new ScriptedSpout([[At("a", 1)], [At("a", 15)], [At("a", 2)], [At("a", 90)], [At("a", 3)]]);
        (IReadOnlyCollection<WindowResult<string, int>> results, IReadOnlyCollection<Event> late) = await RunAsync(() => spout, TimeSpan.Zero, TimeSpan.FromSeconds(30), 1);
        Assert.Equal(
            [(WindowResultKind.Final, 1), (WindowResultKind.Correction, 2)],
            results.Where(result => result.Start == Start).Select(result => (result.Kind, result.Value)));
        Assert.Equal([At("a", 3)], late);
    }

    [Fact]
    public async Task An_open_window_shows_what_it_has_so_far()
    {
        var builder = new TopologyBuilder("updates");
        var sink = new CollectingSink<WindowResult<string, int>>();
        builder.AddSpout("events", () => new ScriptedSpout([[At("a", 1), At("a", 2)]], endless: true)).WithWatermarks(e => e.Time, TimeSpan.Zero)
            .GroupBy(e => e.Key).AddTumblingWindow("sums", Window(TimeSpan.Zero, TimeSpan.FromMilliseconds(20))).Results.AddSink("out", () => sink);
        await using var cluster = new LocalCluster();
        TopologyRun run = cluster.Submit(builder.Build());
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (sink.Tuples.Count == 0)
        {
            await Task.Delay(5, deadline.Token);
        }

        WindowResult<string, int> update = sink.Tuples.Last();
        Assert.Equal((WindowResultKind.Update, 2), (update.Kind, update.Value));
        await run.StopAsync(deadline.Token);
        Assert.DoesNotContain(sink.Tuples, result => result.Kind == WindowResultKind.Final);
    }

    private static Event At(string key, int second) => new(key, Start.AddSeconds(second), 1);

    private static TumblingWindow<Event, int> Window(TimeSpan lateness, TimeSpan? updateEvery = null) => new()
    {
        Size = Size,
        TimeOf = e => e.Time,
        Create = () => 0,
        Add = (ref int sum, Event e) => sum += e.Amount,
        AllowedLateness = lateness,
        UpdateEvery = updateEvery,
    };

    private static (IReadOnlyCollection<WindowResult<string, int>> Results, IReadOnlyCollection<Event> Late) Run(
        Event[] events, TimeSpan outOfOrderness, TimeSpan lateness, int parallelism) =>
        RunAsync(() => new ListSpout<Event>(events, perCall: 7), outOfOrderness, lateness, parallelism).GetAwaiter().GetResult();

    private static async Task<(IReadOnlyCollection<WindowResult<string, int>> Results, IReadOnlyCollection<Event> Late)> RunAsync(
        Func<ISpout<Event>> spout, TimeSpan outOfOrderness, TimeSpan lateness, int parallelism)
    {
        var builder = new TopologyBuilder("windows");
        CollectingSink<WindowResult<string, int>> results = new();
        CollectingSink<Event> late = new();
        WindowedStream<Event, string, int> windows = builder.AddSpout("events", spout).WithWatermarks(e => e.Time, outOfOrderness)
            .GroupBy(e => e.Key).AddTumblingWindow("sums", Window(lateness), parallelism);
        windows.Results.AddSink("results", () => results);
        windows.Late.AddSink("late", () => late);
        await using var cluster = new LocalCluster();
        await cluster.Submit(builder.Build()).Completion.WaitAsync(TimeSpan.FromSeconds(30));
        return (results.Tuples, late.Tuples);
    }

    /// <summary>Emits one group of events per call, and lets the watermark out in between by being idle.</summary>
    private sealed class ScriptedSpout(Event[][] script, bool endless = false) : ISpout<Event>
    {
        private int _call;

        public ValueTask OpenAsync(SpoutContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask<SpoutStatus> NextAsync(IEmitter<Event> output, CancellationToken interrupt)
        {
            if (_call == script.Length)
            {
                return ValueTask.FromResult(endless ? SpoutStatus.Idle : SpoutStatus.Ended);
            }

            foreach (Event e in script[_call++])
            {
                output.Emit(e);
            }

            return ValueTask.FromResult(SpoutStatus.Idle);
        }

        public void SavePositions(PositionWriter positions) => positions.Save("call", BitConverter.GetBytes(_call));

        public ValueTask CheckpointCompletedAsync(long checkpointId, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
