using Freshet.Streams.Testing;
using Freshet.Tests.Support;

namespace Freshet.Streams.Tests;

public class RunEndTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_failure_ends_spouts_that_wait()
    {
        var builder = new TopologyBuilder("half failing");
        builder.AddSpout("waiting", () => new PatientSpout()).AddSink("out", () => new CollectingSink<int>());
        builder.AddSpout("numbers", () => new ListSpout<int>([1])).Shuffle()
            .Map<int>("divide", _ => throw new InvalidOperationException("no such number")).AddSink("none", () => new CollectingSink<int>());
        await using var cluster = new LocalCluster();
        TopologyRun run = cluster.Submit(builder.Build());
        TopologyException failure = await Assert.ThrowsAsync<TopologyException>(() => run.Completion.WaitAsync(Patience));
        Assert.Contains("'divide' (task 0) failed at a tuple of type Int32", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fused_component_is_named_when_it_fails()
    {
        var builder = new TopologyBuilder("fused");
        builder.AddSpout("numbers", () => new ListSpout<int>([1])).Map("same", n => n)
            .Map<int>("divide", _ => throw new InvalidOperationException("no such number")).AddSink("none", () => new CollectingSink<int>());
        await using var cluster = new LocalCluster();
        TopologyRun run = cluster.Submit(builder.Build());
        TopologyException failure = await Assert.ThrowsAsync<TopologyException>(() => run.Completion.WaitAsync(Patience));
        Assert.Contains("'divide'", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("'numbers'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposing_ends_spouts_that_wait()
    {
        var builder = new TopologyBuilder("waiting");
        builder.AddSpout("waiting", () => new PatientSpout()).AddSink("out", () => new CollectingSink<int>());
        await using var cluster = new LocalCluster();
        TopologyRun run = cluster.Submit(builder.Build());
        await run.DisposeAsync().AsTask().WaitAsync(Patience);
        Assert.Equal(RunStatus.Stopped, run.Status);
    }

    [Fact]
    public async Task A_last_checkpoint_that_cannot_be_written_fails_the_run()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "file");
        await File.WriteAllTextAsync(file, "in the way");
        var builder = new TopologyBuilder("no room");
        builder.AddSpout("numbers", () => new ListSpout<int>([1])).AddSink("out", () => new CollectingSink<int>());
        await using var cluster = new LocalCluster();
        TopologyRun run = cluster.Submit(
            builder.Build(), new RunOptions { CheckpointDirectory = Path.Combine(file, "checkpoints"), CheckpointInterval = TimeSpan.FromHours(1) });
        TopologyException failure = await Assert.ThrowsAsync<TopologyException>(() => run.Completion.WaitAsync(Patience));
        Assert.Contains("could not be written", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_is_not_begun_anew_when_every_checkpoint_is_damaged()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "checkpoint-7"), "not a checkpoint");
        var builder = new TopologyBuilder("damaged");
        builder.AddSpout("numbers", () => new ListSpout<int>([1])).AddSink("out", () => new CollectingSink<int>());
        await using var cluster = new LocalCluster();
        Assert.Throws<TopologyException>(() => cluster.Submit(builder.Build(), new RunOptions { CheckpointDirectory = folder.Path }));
    }

    /// <summary>Waits for its interrupt, however long.</summary>
    private sealed class PatientSpout : ISpout<int>
    {
        public ValueTask OpenAsync(SpoutContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

        public async ValueTask<SpoutStatus> NextAsync(IEmitter<int> output, CancellationToken interrupt)
        {
            await Task.Delay(Timeout.Infinite, interrupt);
            return SpoutStatus.Idle;
        }

        public void SavePositions(PositionWriter positions)
        {
        }

        public ValueTask CheckpointCompletedAsync(long checkpointId, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
