using Freshet.Streams.Testing;

namespace Freshet.Streams.Tests;

public class IdlePartitionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Size = TimeSpan.FromSeconds(10);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_silent_partition_stops_holding_event_time_back()
    {
        var results = new CollectingSink<WindowResult<string, int>>();
        var spout = new TwoPartitionSpout([(0, Start), (0, Start + (Size * 5))]);
        await using var cluster = new LocalCluster();
        TopologyRun run = cluster.Submit(Build(spout, results, new CollectingSink<DateTimeOffset>(), idleAfter: TimeSpan.FromMilliseconds(10)));
        using var deadline = new CancellationTokenSource(Patience);
        while (results.Tuples.Count == 0)
        {
            await Task.Delay(1, deadline.Token);
        }

        Assert.Equal(Start, results.Tuples.First().Start);
        await run.StopAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_partition_is_not_silent_while_the_spout_is_busy_with_another()
    {
        var late = new CollectingSink<DateTimeOffset>();
        (int, DateTimeOffset)[] events = [.. Enumerable.Range(0, 100).Select(n => (0, Start + (Size * n))), (1, Start)];
        var spout = new TwoPartitionSpout(events, pause: TimeSpan.FromMilliseconds(1), ends: true);
        await using var cluster = new LocalCluster();
        TopologyRun run = cluster.Submit(Build(spout, new CollectingSink<WindowResult<string, int>>(), late, idleAfter: TimeSpan.FromMilliseconds(10)));
        await run.Completion.WaitAsync(Patience);
        Assert.Empty(late.Tuples);
    }

    private static Topology Build(TwoPartitionSpout spout, CollectingSink<WindowResult<string, int>> results, CollectingSink<DateTimeOffset> late, TimeSpan idleAfter)
    {
        var builder = new TopologyBuilder("partitions");
        WindowedStream<DateTimeOffset, string, int> counts = builder.AddSpout("times", () => spout)
            .WithWatermarks(time => time, TimeSpan.Zero, idleAfter)
            .GroupBy(_ => "all")
            .AddTumblingWindow("counts", new TumblingWindow<DateTimeOffset, int> { Size = Size, TimeOf = time => time, Create = () => 0, Add = (ref int count, DateTimeOffset _) => count++ });
        counts.Results.AddSink("results", () => results);
        counts.Late.AddSink("late", () => late);
        return builder.Build();
    }

    /// <summary>Emits one time per call, after a pause that is work, not waiting.</summary>
    private sealed class TwoPartitionSpout((int Partition, DateTimeOffset Time)[] events, TimeSpan pause = default, bool ends = false)
        : ISpout<DateTimeOffset>, IPartitionedSpout
    {
        private int _next;

        public IReadOnlyCollection<int> OpenPartitions { get; } = [0, 1];

        public int CurrentPartition { get; private set; }

        public ValueTask OpenAsync(SpoutContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

        public async ValueTask<SpoutStatus> NextAsync(IEmitter<DateTimeOffset> output, CancellationToken interrupt)
        {
            if (_next == events.Length)
            {
                return ends ? SpoutStatus.Ended : SpoutStatus.Idle;
            }

            await Task.Delay(pause, CancellationToken.None);
            (CurrentPartition, DateTimeOffset time) = events[_next++];
            output.Emit(time);
            return SpoutStatus.Emitted;
        }

        public void SavePositions(PositionWriter positions)
        {
        }

        public ValueTask CheckpointCompletedAsync(long checkpointId, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
