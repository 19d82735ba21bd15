using System.Diagnostics;
using Freshet.Streams;

namespace Freshet.Benchmarks.Streams;

/// <summary>A spout without positions that never ends.</summary>
internal abstract class LoadSpout<T> : ISpout<T>
{
    protected const int PerCall = 256;

    public ValueTask OpenAsync(SpoutContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    public abstract ValueTask<SpoutStatus> NextAsync(IEmitter<T> output, CancellationToken interrupt);

    public void SavePositions(PositionWriter positions)
    {
    }

    public ValueTask CheckpointCompletedAsync(long checkpointId, CancellationToken cancellation) => ValueTask.CompletedTask;

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>The same text again and again.</summary>
internal sealed class ConstantSpout : LoadSpout<string>
{
    public override ValueTask<SpoutStatus> NextAsync(IEmitter<string> output, CancellationToken interrupt)
    {
        for (int i = 0; i < PerCall; i++)
        {
            output.Emit("some data");
        }

        return ValueTask.FromResult(SpoutStatus.Emitted);
    }
}

/// <summary>The lines of a text again and again.</summary>
internal sealed class LineSpout(string[] lines) : LoadSpout<string>
{
    private int _next;

    public override ValueTask<SpoutStatus> NextAsync(IEmitter<string> output, CancellationToken interrupt)
    {
        for (int i = 0; i < PerCall / 8; i++)
        {
            output.Emit(lines[_next]);
            _next = _next + 1 == lines.Length ? 0 : _next + 1;
        }

        return ValueTask.FromResult(SpoutStatus.Emitted);
    }
}

/// <summary>So many tuples a second, each the time of its emission, as Storm's latency benchmark has it.</summary>
internal sealed class PacedSpout(int rate) : LoadSpout<long>
{
    private readonly PeriodicTimer _timer = new(TimeSpan.FromMilliseconds(1));
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _sent;
    private bool _mayWait;

    public override async ValueTask<SpoutStatus> NextAsync(IEmitter<long> output, CancellationToken interrupt)
    {
        long due = (long)(Stopwatch.GetElapsedTime(_start).TotalSeconds * rate);
        if (_sent < due)
        {
            for (; _sent < due; _sent++)
            {
                output.Emit(Stopwatch.GetTimestamp());
            }

            _mayWait = false;
            return SpoutStatus.Emitted;
        }

        if (_mayWait)
        {
            await _timer.WaitForNextTickAsync(interrupt);
        }

        _mayWait = true;
        return SpoutStatus.Idle;
    }

    public override ValueTask DisposeAsync()
    {
        _timer.Dispose();
        return base.DisposeAsync();
    }
}
