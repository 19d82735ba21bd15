using Freshet.Streams.Checkpoints;
using Freshet.Streams.Runtime;
using Microsoft.Extensions.Logging;

namespace Freshet.Streams;

/// <summary>A topology that runs: watch it, take checkpoints, stop it. Thread-safe.</summary>
public sealed class TopologyRun : IAsyncDisposable
{
    private readonly Topology _topology;
    private readonly RunOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly RunAssembly _assembly;
    private readonly RunCheckpoints _checkpoints;
    private readonly CancellationTokenSource _abort = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _spoutsEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Exception> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _spoutsLeft;

    private TopologyRun(Topology topology, RunOptions options, ILogger logger, TimeProvider time)
    {
        (_topology, _options, _logger, _time) = (topology, options, logger, time);
        CheckpointStore? store = options.CheckpointDirectory is null ? null : new CheckpointStore(options.CheckpointDirectory, options.KeptCheckpoints, logger);
        RestoredCheckpoint restored = store?.Load() ?? RestoredCheckpoint.None;
        _assembly = new RunAssembly(topology, restored, logger, time, _abort.Token);
        _checkpoints = new RunCheckpoints(topology.Name, store, restored.Id, _assembly, logger, _abort.Token);
    }

    /// <summary>The topology's name.</summary>
    public string Name => _topology.Name;

    /// <summary>Where the run stands.</summary>
    public RunStatus Status { get; private set; } = RunStatus.Running;

    /// <summary>
    /// Completes when all input has ended and is through, or the run was stopped. Fails with a <see cref="TopologyException"/> that names
    /// the component when user code threw.
    /// </summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Counters of every task of every component.</summary>
    public IReadOnlyList<TaskMetrics> Metrics => _assembly.Metrics;

    /// <summary>Number of the newest complete checkpoint; 0 when there is none.</summary>
    public long LastCheckpoint => _checkpoints.Last;

    /// <summary>Takes a checkpoint now and waits until it is on disk.</summary>
    /// <exception cref="InvalidOperationException">The run has no checkpoint directory.</exception>
    /// <exception cref="TopologyException">The run has failed meanwhile.</exception>
    public Task CheckpointAsync(CancellationToken cancellation = default) => _checkpoints.AreTaken
        ? _checkpoints.TakeAsync(cancellation)
        : throw new InvalidOperationException("The run takes no checkpoints. Give it a CheckpointDirectory.");

    /// <summary>
    /// Stops the run: spouts emit nothing more, what they emitted goes through, and with a checkpoint directory a last checkpoint is taken,
    /// from which the next run goes on. Open windows stay open in it.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _checkpoints.EndSpoutsAsync(cancellation).ConfigureAwait(false);
        await Completion.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Ends the run at once, without a checkpoint, as a crash would.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        Abort();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    internal static TopologyRun Start(Topology topology, RunOptions options, ILogger logger, TimeProvider time)
    {
        var run = new TopologyRun(topology, options, logger, time);
        run._spoutsLeft = topology.Components.OfType<SpoutComponent>().Sum(spout => spout.Parallelism);
        List<ITaskLoop> loops = run._assembly.CreateTasks(run.SpoutEnded);
        StreamsLog.Started(logger, topology.Name, run.LastCheckpoint);
        run.Completion = run.RunAsync(loops);
        return run;
    }

    private async Task RunAsync(List<ITaskLoop> loops)
    {
        Task[] tasks = [.. loops.Select(loop => Task.Run(() => SuperviseAsync(loop)))];
        Task ending = EndWhenInputEndsAsync();
        Task checkpoints = _checkpoints.AreTaken ? CheckpointPeriodicallyAsync() : Task.CompletedTask;
        await Task.WhenAll(tasks).ConfigureAwait(false);
        await _closing.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(ending, checkpoints).ConfigureAwait(false);
        foreach (IAsyncDisposable part in _assembly.Owned)
        {
            await part.DisposeAsync().ConfigureAwait(false);
        }

        Finish();
    }

    private void Finish()
    {
        if (_failure.Task.IsCompletedSuccessfully)
        {
            Status = RunStatus.Failed;
            throw _failure.Task.Result;
        }

        Status = _spoutsEnded.Task.IsCompletedSuccessfully && !_abort.IsCancellationRequested ? RunStatus.Completed : RunStatus.Stopped;
        StreamsLog.Ended(_logger, Name, Status);
    }

    /// <summary>Runs one task; its failure ends the others too.</summary>
    private async Task SuperviseAsync(ITaskLoop loop)
    {
        try
        {
            await loop.RunAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_abort.IsCancellationRequested)
        {
        }
        catch (TopologyException failure)
        {
            Fail(failure);
        }
        catch (Exception failure)
        {
            Fail(new TopologyException($"'{loop.Component}' (task {loop.TaskIndex}, with what is fused to it) failed: {failure.Message}", failure));
        }
    }

    private void Fail(Exception failure)
    {
        if (_failure.TrySetResult(failure))
        {
            StreamsLog.Failed(_logger, failure, Name);
            Abort();
        }
    }

    private void Abort()
    {
        _abort.Cancel();
        _assembly.Spouts.ForEach(spout => spout.Abort());
    }

    private void SpoutEnded()
    {
        if (Interlocked.Decrement(ref _spoutsLeft) == 0)
        {
            _spoutsEnded.TrySetResult();
        }
    }

    /// <summary>When all spouts have ended: one last checkpoint, so that what follows the run can rely on it, then the end.</summary>
    private async Task EndWhenInputEndsAsync()
    {
        try
        {
            await _spoutsEnded.Task.WaitAsync(_closing.Token).ConfigureAwait(false);
            await _checkpoints.EndSpoutsAsync(_abort.Token).ConfigureAwait(false);
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or TopologyException)
        {
        }
        catch (Exception failure)
        {
            FailToSave(failure);
        }
    }

    private async Task CheckpointPeriodicallyAsync()
    {
        using var timer = new PeriodicTimer(_options.CheckpointInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_closing.Token).ConfigureAwait(false))
            {
                await _checkpoints.TakeAsync(_closing.Token).ConfigureAwait(false);
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or TopologyException)
        {
        }
        catch (Exception failure)
        {
            FailToSave(failure);
        }
    }

    private void FailToSave(Exception failure) =>
        Fail(new TopologyException($"A checkpoint of '{Name}' could not be written to {_options.CheckpointDirectory}: {failure.Message}", failure));
}
