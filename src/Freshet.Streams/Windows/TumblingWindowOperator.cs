using Freshet.Streams.Checkpoints;
using Freshet.Streams.Runtime;
using Freshet.Streams.State;

namespace Freshet.Streams.Windows;

/// <summary>One accumulator per key and window, fired when the watermark passes the window's end and forgotten when lateness is over.</summary>
internal sealed class TumblingWindowOperator<T, TKey, TAccumulator>(
    OperatorContext context, TumblingWindow<T, TAccumulator> window, Func<T, TKey> keyOf,
    Output<WindowResult<TKey, TAccumulator>> next, Output<T> late) : Operator<T, WindowResult<TKey, TAccumulator>>(context, next)
    where TKey : notnull
{
    private readonly long _size = window.Size.Ticks;
    private readonly long _lateness = window.AllowedLateness.Ticks;
    private readonly OpenWindows<TKey, TAccumulator> _windows = new(window.Codec);
    private readonly HashSet<(long Start, TKey Key)> _changed = [];
    private long _watermark = Message.NoWatermark;

    public override void Emit(T tuple)
    {
        Context.Metrics.Executed++;
        long time = window.TimeOf(tuple).UtcTicks;
        long start = time - (time % _size);
        if (_watermark != Message.NoWatermark && EndOf(start) + _lateness <= _watermark)
        {
            Context.Metrics.Late++;
            late.Emit(tuple);
            return;
        }

        TKey key = keyOf(tuple);
        ref TAccumulator? accumulator = ref _windows.At(start, key, out bool existed);
        if (!existed)
        {
            accumulator = window.Create();
        }

        window.Add(ref accumulator!, tuple);
        if (EndOf(start) <= _watermark)
        {
            Fire(start, key, accumulator, WindowResultKind.Correction);
        }
        else if (window.UpdateEvery is TimeSpan every)
        {
            _changed.Add((start, key));
            Context.Flow.RequestTick(every);
        }
    }

    public override async ValueTask OpenAsync()
    {
        await late.OpenAsync().ConfigureAwait(false);
        await base.OpenAsync().ConfigureAwait(false);
    }

    public override async ValueTask DrainAsync()
    {
        await late.DrainAsync().ConfigureAwait(false);
        await base.DrainAsync().ConfigureAwait(false);
    }

    public override async ValueTask FlushAsync()
    {
        await late.FlushAsync().ConfigureAwait(false);
        await base.FlushAsync().ConfigureAwait(false);
    }

    public override async ValueTask AdvanceAsync(long watermark)
    {
        await base.AdvanceAsync(watermark).ConfigureAwait(false);
        await late.AdvanceAsync(watermark).ConfigureAwait(false);
    }

    public override async ValueTask IdleAsync()
    {
        await late.IdleAsync().ConfigureAwait(false);
        await base.IdleAsync().ConfigureAwait(false);
    }

    public override async ValueTask TickAsync()
    {
        await late.TickAsync().ConfigureAwait(false);
        await base.TickAsync().ConfigureAwait(false);
    }

    public override async ValueTask BarrierAsync(CheckpointBarrier barrier)
    {
        await base.BarrierAsync(barrier).ConfigureAwait(false);
        await late.BarrierAsync(barrier).ConfigureAwait(false);
    }

    public override async ValueTask EndAsync()
    {
        await late.EndAsync().ConfigureAwait(false);
        await base.EndAsync().ConfigureAwait(false);
    }

    protected override void Open() => _watermark = _windows.Restore(Context.Restored, Context.TaskIndex, Context.TaskCount);

    protected override void OnWatermark(long watermark)
    {
        if (watermark <= _watermark)
        {
            // After a restart the restored watermark is ahead until the input has caught up.
            return;
        }

        foreach ((long start, Dictionary<TKey, TAccumulator> keys) in _windows.EndingBetween(_watermark, watermark, _size))
        {
            foreach ((TKey key, TAccumulator accumulator) in keys)
            {
                Fire(start, key, accumulator, WindowResultKind.Final);
            }
        }

        _watermark = watermark;
        _changed.RemoveWhere(entry => EndOf(entry.Start) <= watermark);
        _windows.RemoveBefore(watermark == Message.EndOfTime ? Message.EndOfTime : watermark - _lateness - _size);
    }

    protected override void OnTick()
    {
        foreach ((long start, TKey key) in _changed)
        {
            if (_windows.TryGet(start, key, out TAccumulator? accumulator))
            {
                Fire(start, key, accumulator!, WindowResultKind.Update);
            }
        }

        _changed.Clear();
    }

    protected override void Save(ComponentState state) => _windows.Save(state, _watermark, Context.TaskIndex, Context.TaskCount);

    private long EndOf(long start) => start + _size;

    private void Fire(long start, TKey key, TAccumulator accumulator, WindowResultKind kind) => Next.Emit(
        new WindowResult<TKey, TAccumulator>(key, EventTime.FromTicks(start), EventTime.FromTicks(EndOf(start)), accumulator, kind));
}
