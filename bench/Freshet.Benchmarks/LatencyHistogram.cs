using System.Diagnostics;
using System.Numerics;

namespace Freshet.Benchmarks;

/// <summary>Counts latencies in buckets that are 1/64 of their value wide. One thread adds; it is read when that thread has ended.</summary>
internal sealed class LatencyHistogram
{
    private const int StepBits = 6;
    private readonly long[] _counts = new long[64 << StepBits];

    public bool IsRecording { get; set; }

    public void Add(long stopwatchTicks)
    {
        if (IsRecording)
        {
            _counts[BucketOf(Math.Max(1, stopwatchTicks))]++;
        }
    }

    /// <summary>The latency, in microseconds, that so many of a hundred do not exceed.</summary>
    public double Percentile(double percent)
    {
        long wanted = (long)Math.Ceiling(_counts.Sum() * percent / 100);
        long seen = 0;
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= wanted && seen > 0)
            {
                return UpperEndOf(bucket) * 1e6 / Stopwatch.Frequency;
            }
        }

        return 0;
    }

    private static int BucketOf(long ticks)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)ticks) - StepBits);
        return (shift << StepBits) + (int)(ticks >> shift);
    }

    private static double UpperEndOf(int bucket)
    {
        int shift = Math.Max(0, (bucket >> StepBits) - 1);
        return Math.ScaleB(bucket - (shift << StepBits) + 1, shift);
    }
}
