using CsCheck;
using Freshet.Streams.Testing;
using Freshet.Tests.Support;

namespace Freshet.Streams.Tests;

public class WindowCheckpointTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Size = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Disorder = TimeSpan.FromSeconds(3);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly record struct Event((string, int) Key, DateTimeOffset Time);

    [Fact]
    public void Windows_are_exact_after_crashes_with_any_parallelism() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 3].Array[1, 4], Gen.Int[0, 2_999].Array[4_000]).Sample(
            (spouts, parallelismOfEachStart, delays) => CrashAndFinishAsync(spouts, parallelismOfEachStart, delays).GetAwaiter().GetResult(),
            iter: 10, threads: 1);

    private static async Task CrashAndFinishAsync(int spouts, int[] parallelismOfEachStart, int[] delays)
    {
        using var folder = new TemporaryFolder();
        // Each spout's part is in order but for the delays, which stay below the disorder that the watermark allows for.
        Event[] events = [.. delays.Select((delay, n) => new Event(($"key-{n % 5}", n % 2), Start.AddMilliseconds((n * 20) - delay)))];
        var finals = new CollectingSink<WindowResult<(string, int), int>>();
        var late = new CollectingSink<Event>();
        for (int start = 0; start < parallelismOfEachStart.Length; start++)
        {
            bool isLast = start == parallelismOfEachStart.Length - 1;
            await using var cluster = new LocalCluster();
            TopologyRun run = cluster.Submit(
                Build(events, spouts, parallelismOfEachStart[start], finals, late),
                new RunOptions { CheckpointDirectory = folder.Path, CheckpointInterval = TimeSpan.FromMilliseconds(2) });
            await (isLast ? run.Completion.WaitAsync(Patience) : WaitForCheckpointAsync(run));
        }

        // A crash repeats some results; every one of them must be the right one, and none may be missing.
        var expected = events.GroupBy(e => (e.Key, Start: e.Time.UtcTicks / Size.Ticks))
            .Select(group => (group.Key.Key, group.Key.Start, Count: group.Count())).Order();
        Assert.Equal(expected, finals.Tuples.Select(result => (result.Key, Start: result.Start.UtcTicks / Size.Ticks, Count: result.Value)).Distinct().Order());
        Assert.Empty(late.Tuples);
    }

    private static async Task WaitForCheckpointAsync(TopologyRun run)
    {
        long before = run.LastCheckpoint;
        using var deadline = new CancellationTokenSource(Patience);
        while (run.LastCheckpoint == before && !run.Completion.IsCompleted)
        {
            await Task.Delay(1, deadline.Token);
        }
    }

    private static Topology Build(
        Event[] events, int spouts, int windows, CollectingSink<WindowResult<(string, int), int>> finals, CollectingSink<Event> late)
    {
        var builder = new TopologyBuilder("windows");
        WindowedStream<Event, (string, int), int> counts = builder.AddSpout("events", () => new ListSpout<Event>(events, perCall: 7), spouts)
            .WithWatermarks(e => e.Time, Disorder)
            .GroupBy(e => e.Key)
            .AddTumblingWindow(
                "counts", new TumblingWindow<Event, int> { Size = Size, TimeOf = e => e.Time, Create = () => 0, Add = (ref int count, Event _) => count++ }, windows);
        counts.Results.AddSink("finals", () => finals, 1);
        counts.Late.AddSink("late", () => late, 1);
        return builder.Build();
    }
}
