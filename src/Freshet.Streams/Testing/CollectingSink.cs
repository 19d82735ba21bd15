using System.Collections.Concurrent;

namespace Freshet.Streams.Testing;

/// <summary>A sink that keeps everything, for tests. One may serve all tasks of a component. Thread-safe.</summary>
/// <typeparam name="T">The tuples.</typeparam>
public sealed class CollectingSink<T> : ISink<T>
{
    private readonly ConcurrentQueue<T> _tuples = new();

    /// <summary>What has come so far.</summary>
    public IReadOnlyCollection<T> Tuples => _tuples;

    /// <inheritdoc/>
    public ValueTask OpenAsync(TaskContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<T> tuples, CancellationToken cancellation)
    {
        foreach (T tuple in tuples.Span)
        {
            _tuples.Enqueue(tuple);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
