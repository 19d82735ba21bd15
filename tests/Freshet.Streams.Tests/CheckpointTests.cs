using CsCheck;
using Freshet.Streams.Testing;
using Freshet.Tests.Support;

namespace Freshet.Streams.Tests;

public class CheckpointTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Counts_are_exact_after_any_number_of_crashes() => Gen.Select(Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int[0, 4]).Sample(
        (spouts, bolts, crashes) => CrashAndFinishAsync(spouts, _ => bolts, crashes).GetAwaiter().GetResult(), iter: 20, threads: 1);

    [Fact]
    public Task The_parallelism_of_a_keyed_bolt_may_change_between_starts() => CrashAndFinishAsync(2, start => 1 + (start % 4), crashes: 5);

    [Fact]
    public async Task A_damaged_checkpoint_is_passed_over()
    {
        using var folder = new TemporaryFolder();
        string[] words = Words(3_000);
        await RunUntilAsync(words, 1, 1, folder.Path, checkpoints: 1);
        // A run that completes ends with a checkpoint, so there are two however fast the input ends.
        await FinishAsync(words, 1, 1, folder.Path);
        await FinishAsync(words, 1, 1, folder.Path);
        string newest = Directory.GetFiles(folder.Path).MaxBy(path => int.Parse(path[(path.LastIndexOf('-') + 1)..]))!;
        byte[] bytes = await File.ReadAllBytesAsync(newest);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(newest, bytes);
        Assert.Equal(Expected(words), await FinishAsync(words, 1, 1, folder.Path));
    }

    [Fact]
    public async Task An_unfinished_checkpoint_is_ignored()
    {
        using var folder = new TemporaryFolder();
        string[] words = Words(3_000);
        await RunUntilAsync(words, 1, 1, folder.Path, checkpoints: 2);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "checkpoint-99.tmp"), "torn");
        Assert.Equal(Expected(words), await FinishAsync(words, 1, 1, folder.Path));
    }

    [Fact]
    public async Task A_stopped_run_goes_on_without_repeating_anything()
    {
        using var folder = new TemporaryFolder();
        var sink = new CollectingSink<int>();
        int[] input = [.. Enumerable.Range(0, 200_000)];
        var options = new RunOptions { CheckpointDirectory = folder.Path };
        for (RunStatus status = RunStatus.Running; status != RunStatus.Completed;)
        {
            var builder = new TopologyBuilder("stop and go");
            builder.AddSpout("numbers", () => new ListSpout<int>(input)).Shuffle().AddSink("out", () => sink);
            await using var cluster = new LocalCluster();
            TopologyRun run = cluster.Submit(builder.Build(), options);
            int before = sink.Tuples.Count;
            using var deadline = new CancellationTokenSource(Patience);
            while (sink.Tuples.Count == before && !run.Completion.IsCompleted)
            {
                await Task.Delay(1, deadline.Token);
            }

            await run.StopAsync(deadline.Token);
            status = run.Status;
        }

        Assert.Equal(input, sink.Tuples.Order());
    }

    [Fact]
    public async Task A_spout_hears_of_completed_checkpoints()
    {
        using var folder = new TemporaryFolder();
        var told = new TaskCompletionSource<long>();
        var builder = new TopologyBuilder("told");
        builder.AddSpout("listening", () => new ListeningSpout(told)).AddSink("out", () => new CollectingSink<int>());
        await using var cluster = new LocalCluster();
        TopologyRun run = cluster.Submit(builder.Build(), new RunOptions { CheckpointDirectory = folder.Path, CheckpointInterval = TimeSpan.FromHours(1) });
        await run.CheckpointAsync().WaitAsync(Patience);
        Assert.Equal(run.LastCheckpoint, await told.Task.WaitAsync(Patience));
    }

    private static async Task CrashAndFinishAsync(int spouts, Func<int, int> bolts, int crashes)
    {
        using var folder = new TemporaryFolder();
        string[] words = Words(20_000);
        for (int crash = 0; crash < crashes; crash++)
        {
            await RunUntilAsync(words, spouts, bolts(crash), folder.Path, checkpoints: 1);
        }

        Assert.Equal(Expected(words), await FinishAsync(words, spouts, bolts(crashes), folder.Path));
    }

    private static string[] Words(int count) => [.. Enumerable.Range(0, count).Select(n => $"word-{n * 7919 % 101}")];

    private static IEnumerable<KeyValuePair<string, long>> Expected(string[] words) =>
        words.GroupBy(word => word).Select(group => KeyValuePair.Create(group.Key, (long)group.Count())).OrderBy(entry => entry.Key, StringComparer.Ordinal);

    private static (TopologyBuilder Builder, CollectingSink<(string Word, long Count)> Sink) WordCount(string[] words, int spouts, int bolts)
    {
        var sink = new CollectingSink<(string, long)>();
        var builder = new TopologyBuilder("word count");
        builder.AddSpout("words", () => new ListSpout<string>(words), spouts).GroupBy(word => word).AddBolt("count", () => new CountBolt(), bolts)
            .Global().AddSink("out", () => sink, 1);
        return (builder, sink);
    }

    /// <summary>Runs until some checkpoints are complete, then ends as a crash would.</summary>
    private static async Task RunUntilAsync(string[] words, int spouts, int bolts, string folder, int checkpoints)
    {
        await using var cluster = new LocalCluster();
        TopologyRun run = cluster.Submit(
            WordCount(words, spouts, bolts).Builder.Build(), new RunOptions { CheckpointDirectory = folder, CheckpointInterval = TimeSpan.FromHours(1), KeptCheckpoints = 3 });
        for (int taken = 0; taken < checkpoints && run.Status == RunStatus.Running; taken++)
        {
            try
            {
                await run.CheckpointAsync().WaitAsync(Patience);
            }
            catch (TopologyException)
            {
                // The input ended first; that is a possible moment for a crash as well.
            }
        }
    }

    private static async Task<IEnumerable<KeyValuePair<string, long>>> FinishAsync(string[] words, int spouts, int bolts, string folder)
    {
        (TopologyBuilder builder, CollectingSink<(string Word, long Count)> sink) = WordCount(words, spouts, bolts);
        await using var cluster = new LocalCluster();
        TopologyRun run = cluster.Submit(builder.Build(), new RunOptions { CheckpointDirectory = folder, CheckpointInterval = TimeSpan.FromMilliseconds(5) });
        await run.Completion.WaitAsync(Patience);
        return sink.Tuples.GroupBy(tuple => tuple.Word).Select(group => KeyValuePair.Create(group.Key, group.Max(tuple => tuple.Count)))
            .OrderBy(entry => entry.Key, StringComparer.Ordinal);
    }

    /// <summary>Counts words; after a restart it says at once what it knows, so that a reader starts complete.</summary>
    private sealed class CountBolt : KeyedBolt<string, string, (string, long)>
    {
        private KeyedState<string, long> _counts = null!;

        public override void Open(KeyedBoltContext<string> context) => _counts = context.State<long>("counts");

        public override void Execute(string key, string tuple, IEmitter<(string, long)> output) => _counts[key]++;

        public override void OnWatermark(DateTimeOffset watermark, IEmitter<(string, long)> output)
        {
            foreach ((string word, long count) in _counts.All)
            {
                output.Emit((word, count));
            }
        }
    }

    private sealed class ListeningSpout(TaskCompletionSource<long> told) : ISpout<int>
    {
        public ValueTask OpenAsync(SpoutContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask<SpoutStatus> NextAsync(IEmitter<int> output, CancellationToken interrupt) => ValueTask.FromResult(SpoutStatus.Idle);

        public void SavePositions(PositionWriter positions)
        {
        }

        public ValueTask CheckpointCompletedAsync(long checkpointId, CancellationToken cancellation)
        {
            told.TrySetResult(checkpointId);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
