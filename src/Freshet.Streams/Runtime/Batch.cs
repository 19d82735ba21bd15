using System.Collections.Concurrent;

namespace Freshet.Streams.Runtime;

/// <summary>A pooled array of tuples that travels as one message. The receiving task returns it when it has seen every tuple.</summary>
internal sealed class Batch<T> : Message
{
    /// <summary>Tuples per batch: enough to make the cost of a hand-over vanish, few enough to stay in the processor's cache.</summary>
    public const int Capacity = 256;

    private static readonly ConcurrentQueue<Batch<T>> Pool = new();

    private readonly T[] _tuples = new T[Capacity];

    private Batch()
    {
    }

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    public ReadOnlySpan<T> Tuples => _tuples.AsSpan(0, Count);

    public ReadOnlyMemory<T> Memory => _tuples.AsMemory(0, Count);

    public static Batch<T> Rent() => Pool.TryDequeue(out Batch<T>? batch) ? batch : new Batch<T>();

    public void Add(T tuple) => _tuples[Count++] = tuple;

    public void Return()
    {
        // References left behind would keep dead tuples alive.
        Array.Clear(_tuples, 0, Count);
        Count = 0;
        Pool.Enqueue(this);
    }
}
