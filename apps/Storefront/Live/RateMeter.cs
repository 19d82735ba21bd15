namespace Storefront.Live;

/// <summary>How fast a counter grows, over the last few seconds. For one thread.</summary>
internal sealed class RateMeter(TimeProvider time)
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(5);

    private readonly Queue<(long Timestamp, long Count)> _readings = new();

    /// <summary>Notes the counter's value and returns its growth per second.</summary>
    public double Read(long count)
    {
        long now = time.GetTimestamp();
        _readings.Enqueue((now, count));
        while (time.GetElapsedTime(_readings.Peek().Timestamp, now) > Span)
        {
            _readings.Dequeue();
        }

        (long first, long countThen) = _readings.Peek();
        double seconds = time.GetElapsedTime(first, now).TotalSeconds;
        return seconds > 0 ? (count - countThen) / seconds : 0;
    }
}
