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
    private readonly CheckpointStore? _store;
    private readonly RunAssembly _assembly;
    private readonly CancellationTokenSource _abort = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _oneCheckpoint = new(1, 1);
    private readonly TaskCompletionSource _spoutsEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Exception> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _spoutsLeft;
    private bool _isEnding;
    private long _lastCheckpoint;

    private TopologyRun(Topology topology, RunOptions options, ILogger logger, TimeProvider time)
    {
        (_topology, _options, _logger, _time) = (topology, options, logger, time);
        _store = options.CheckpointDirectory is null ? null : new CheckpointStore(options.CheckpointDirectory, options.KeptCheckpoints, logger);
        RestoredCheckpoint restored = _store?.Load() ?? RestoredCheckpoint.None;
        _lastCheckpoint = restored.Id;
        _assembly = new RunAssembly(topology, restored, logger, time, _abort.Token);
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
    public long LastCheckpoint => Interlocked.Read(ref _lastCheckpoint);

    /// <summary>Takes a checkpoint now and waits until it is on disk.</summary>
    /// <exception cref="InvalidOperationException">The run has no checkpoint directory.</exception>
    /// <exception cref="TopologyException">The run has failed meanwhile.</exception>
    public Task CheckpointAsync(CancellationToken cancellation = default) => _store is null
        ? throw new InvalidOperationException("The run takes no checkpoints. Give it a CheckpointDirectory.")
        : TakeCheckpointAsync(cancellation);

    /// <summary>
    /// Stops the run: spouts emit nothing more, what they emitted goes through, and with a checkpoint directory a last checkpoint is taken,
    /// from which the next run goes on. Open windows stay open in it.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await EndSpoutsAsync(cancellation).ConfigureAwait(false);
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
        StreamsLog.Started(logger, topology.Name, run._lastCheckpoint);
        run.Completion = run.RunAsync(loops);
        return run;
    }

    private async Task RunAsync(List<ITaskLoop> loops)
    {
        Task[] tasks = [.. loops.Select(loop => Task.Run(() => SuperviseAsync(loop)))];
        Task ending = EndWhenInputEndsAsync();
        Task checkpoints = _store is null ? Task.CompletedTask : CheckpointPeriodicallyAsync();
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
            await EndSpoutsAsync(_abort.Token).ConfigureAwait(false);
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or TopologyException)
        {
        }
        catch (Exception failure)
        {
            FailToSave(failure);
        }
    }

    /// <summary>Takes a last checkpoint and lets the spouts end; no checkpoint comes after it.</summary>
    private async Task EndSpoutsAsync(CancellationToken cancellation)
    {
        await _oneCheckpoint.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!_isEnding && _store is not null)
            {
                await PassBarrierAsync(isLast: true).ConfigureAwait(false);
            }

            _isEnding = true;
            _assembly.Spouts.ForEach(spout => spout.End());
        }
        finally
        {
            _oneCheckpoint.Release();
        }
    }

    private async Task CheckpointPeriodicallyAsync()
    {
        using var timer = new PeriodicTimer(_options.CheckpointInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_closing.Token).ConfigureAwait(false))
            {
                await TakeCheckpointAsync(_closing.Token).ConfigureAwait(false);
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

    private async Task TakeCheckpointAsync(CancellationToken cancellation)
    {
        await _oneCheckpoint.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_isEnding)
            {
                throw new TopologyException($"'{Name}' takes no checkpoint any more: it is ending.");
            }

            await PassBarrierAsync(isLast: false).ConfigureAwait(false);
        }
        finally
        {
            _oneCheckpoint.Release();
        }
    }

    /// <summary>Sends a barrier through and saves what it gathered. It is not cancelled half way, which would leave tasks waiting for it.</summary>
    private async Task PassBarrierAsync(bool isLast)
    {
        var barrier = new CheckpointBarrier(_lastCheckpoint + 1, _assembly.Metrics.Count, isLast);
        _assembly.Spouts.ForEach(spout => spout.Request(barrier));
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (_abort.Token.Register(aborted.SetResult))
        {
            await Task.WhenAny(barrier.States, aborted.Task).ConfigureAwait(false);
        }

        if (!barrier.States.IsCompleted)
        {
            throw new TopologyException($"Checkpoint {barrier.Id} of '{Name}' was not taken: the run has ended.");
        }

        await _store!.SaveAsync(barrier.Id, await barrier.States.ConfigureAwait(false), _abort.Token).ConfigureAwait(false);
        Interlocked.Exchange(ref _lastCheckpoint, barrier.Id);
        StreamsLog.CheckpointCompleted(_logger, Name, barrier.Id);
        _assembly.Spouts.ForEach(spout => spout.Complete(barrier.Id));
    }
}
