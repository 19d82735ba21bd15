namespace Freshet.Streams;

/// <summary>
/// Turns tuples into other tuples. Each task has its own instance; its methods are called one at a time.
/// </summary>
/// <typeparam name="TIn">Tuples taken.</typeparam>
/// <typeparam name="TOut">Tuples emitted.</typeparam>
public abstract class Bolt<TIn, TOut>
{
    /// <summary>Called once, before anything else.</summary>
    public virtual void Open(TaskContext context)
    {
    }

    /// <summary>Takes one tuple and emits none, one or many.</summary>
    public abstract void Execute(TIn tuple, IEmitter<TOut> output);

    /// <summary>Event time has advanced to <paramref name="watermark"/>: no tuple before it is expected any more.</summary>
    public virtual void OnWatermark(DateTimeOffset watermark, IEmitter<TOut> output)
    {
    }

    /// <summary>Saves what this task must know again after a restart. Nothing by default.</summary>
    public virtual void Save(StateWriter state)
    {
    }

    /// <summary>Takes back what <see cref="Save"/> wrote; called after <see cref="Open"/>, and only when there is something.</summary>
    public virtual void Restore(ref StateReader state)
    {
    }
}

/// <summary>
/// A bolt behind a key grouping: all tuples of a key come to the same task, which keeps state for each key.
/// </summary>
/// <typeparam name="TKey">The keys.</typeparam>
/// <typeparam name="TIn">Tuples taken.</typeparam>
/// <typeparam name="TOut">Tuples emitted.</typeparam>
public abstract class KeyedBolt<TKey, TIn, TOut>
    where TKey : notnull
{
    /// <summary>Called once, before anything else: declare the states here.</summary>
    public virtual void Open(KeyedBoltContext<TKey> context)
    {
    }

    /// <summary>Takes one tuple and emits none, one or many.</summary>
    public abstract void Execute(TKey key, TIn tuple, IEmitter<TOut> output);

    /// <summary>Event time has advanced to <paramref name="watermark"/>: no tuple before it is expected any more.</summary>
    public virtual void OnWatermark(DateTimeOffset watermark, IEmitter<TOut> output)
    {
    }
}

/// <summary>Takes tuples out of a topology. Each task has its own instance; its methods are called one at a time.</summary>
/// <typeparam name="T">The tuples.</typeparam>
public interface ISink<T> : IAsyncDisposable
{
    /// <summary>Called once, before anything else.</summary>
    ValueTask OpenAsync(TaskContext context, CancellationToken cancellation);

    /// <summary>Takes a batch of tuples. The memory belongs to the engine again when the call returns.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<T> tuples, CancellationToken cancellation);

    /// <summary>Makes everything written so far safe; a checkpoint completes only afterwards.</summary>
    ValueTask FlushAsync(CancellationToken cancellation);
}
