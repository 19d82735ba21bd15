using Freshet.Streams;

namespace Storefront.Ads;

/// <summary>Shows each tuple on a view in this process. Views hold absolute values, so that showing one twice does no harm.</summary>
internal sealed class ViewSink<T>(Action<T> show) : ISink<T>
{
    public ValueTask OpenAsync(TaskContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask WriteAsync(ReadOnlyMemory<T> tuples, CancellationToken cancellation)
    {
        foreach (T tuple in tuples.Span)
        {
            show(tuple);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
