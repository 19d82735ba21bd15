namespace Freshet.Streams;

/// <summary>Adds a tuple to an accumulator.</summary>
public delegate void Fold<TAccumulator, in T>(ref TAccumulator accumulator, T tuple);

/// <summary>
/// Windows of event time that follow each other without a gap: [0, size), [size, 2 size), ... counted from 0001-01-01T00:00Z.
/// A start belongs to its window, an end to the next.
/// </summary>
/// <typeparam name="T">The tuples.</typeparam>
/// <typeparam name="TAccumulator">What a window keeps of them.</typeparam>
public sealed class TumblingWindow<T, TAccumulator>
{
    /// <summary>Length of a window.</summary>
    public required TimeSpan Size { get; init; }

    /// <summary>The tuple's event time.</summary>
    public required Func<T, DateTimeOffset> TimeOf { get; init; }

    /// <summary>Makes an empty accumulator.</summary>
    public required Func<TAccumulator> Create { get; init; }

    /// <summary>Adds a tuple to it.</summary>
    public required Fold<TAccumulator, T> Add { get; init; }

    /// <summary>How long after its end a window still takes tuples; each one brings a corrected result.</summary>
    public TimeSpan AllowedLateness { get; init; } = TimeSpan.Zero;

    /// <summary>How often a window that still fills shows what it has so far, by the clock; not at all when null.</summary>
    public TimeSpan? UpdateEvery { get; init; }

    /// <summary>How accumulators are saved in checkpoints.</summary>
    public StateCodec<TAccumulator> Codec { get; init; } = StateCodec<TAccumulator>.Default;

    internal void Validate()
    {
        if (Size <= TimeSpan.Zero || AllowedLateness < TimeSpan.Zero || UpdateEvery <= TimeSpan.Zero)
        {
            throw new TopologyException("A window needs a Size above zero, an AllowedLateness of zero or more, and an UpdateEvery above zero or null.");
        }
    }
}

/// <summary>Why a window's result was emitted.</summary>
public enum WindowResultKind
{
    /// <summary>The window still fills: what it has so far.</summary>
    Update,

    /// <summary>The watermark has passed the window's end.</summary>
    Final,

    /// <summary>A tuple came after the end, within the allowed lateness: the final result with it.</summary>
    Correction,
}

/// <summary>The result of one window of one key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Start">First moment of the window.</param>
/// <param name="End">First moment behind it.</param>
/// <param name="Value">The accumulator. Treat it as read-only: the window may still use it.</param>
/// <param name="Kind">Why it was emitted.</param>
public readonly record struct WindowResult<TKey, TAccumulator>(TKey Key, DateTimeOffset Start, DateTimeOffset End, TAccumulator Value, WindowResultKind Kind);
