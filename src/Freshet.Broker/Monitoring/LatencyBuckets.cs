namespace Freshet.Broker.Monitoring;

/// <summary>How often answers took how long. Counted from many threads without a lock, read now and then.</summary>
internal sealed class LatencyBuckets
{
    private readonly long[] _counts = new long[UpperMilliseconds.Length + 1];
    private long _microseconds;

    /// <summary>Upper ends of the buckets in milliseconds; a last one has no end. From a cached read to a fetch that waits for long.</summary>
    public static ReadOnlySpan<double> UpperMilliseconds => [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000];

    /// <summary>Sum of all times in milliseconds.</summary>
    public double Sum => Interlocked.Read(ref _microseconds) / 1000.0;

    public void Add(TimeSpan time)
    {
        double milliseconds = time.TotalMilliseconds;
        int bucket = 0;
        while (bucket < UpperMilliseconds.Length && milliseconds > UpperMilliseconds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Add(ref _microseconds, (long)time.TotalMicroseconds);
    }

    /// <summary>Answers that took at most as long as each bucket's upper end; the last entry counts all.</summary>
    public long[] Cumulative()
    {
        long[] sums = new long[_counts.Length];
        long sum = 0;
        for (int bucket = 0; bucket < sums.Length; bucket++)
        {
            sums[bucket] = sum += Interlocked.Read(ref _counts[bucket]);
        }

        return sums;
    }
}
