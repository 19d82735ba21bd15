using System.Globalization;

namespace Freshet.Coordination.Admin;

/// <summary>How long requests took, from their arrival to the flush of their answer. In microseconds inside, in milliseconds outside.</summary>
internal struct LatencyRange
{
    private const long MicrosecondsPerMs = 1000;

    private long _sum;
    private long _min;
    private long _max;

    public static LatencyRange Of(long count, long sum, long min, long max) =>
        new() { Count = count, _sum = sum, _min = min, _max = max };

    public long Count { get; private set; }

    public readonly long MinMs => _min / MicrosecondsPerMs;

    public readonly long MaxMs => _max / MicrosecondsPerMs;

    public readonly double SumMs => (double)_sum / MicrosecondsPerMs;

    public readonly double AverageMs => Count == 0 ? 0 : Math.Round(SumMs / Count, 4);

    public void Add(in LatencyRange other)
    {
        if (other.Count == 0)
        {
            return;
        }

        _min = Count == 0 ? other._min : Math.Min(_min, other._min);
        _max = Math.Max(_max, other._max);
        _sum += other._sum;
        Count += other.Count;
    }

    /// <summary>As <c>srvr</c> prints it: min/avg/max.</summary>
    public override readonly string ToString() => string.Create(CultureInfo.InvariantCulture, $"{MinMs}/{AverageMs:0.0###}/{MaxMs}");
}
