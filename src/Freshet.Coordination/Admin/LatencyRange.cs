using System.Globalization;

namespace Freshet.Coordination.Admin;

/// <summary>How long requests took, from their arrival to the flush of their answer. In microseconds inside, in milliseconds outside.</summary>
internal struct LatencyRange
{
    private const long MicrosecondsPerMs = 1000;

    private long _sum;
    private long _least;
    private long _most;

    public static LatencyRange Of(long count, long sum, long least, long most) =>
        new() { Count = count, _sum = sum, _least = least, _most = most };

    public long Count { get; private set; }

    public readonly long MinMs => _least / MicrosecondsPerMs;

    public readonly long MaxMs => _most / MicrosecondsPerMs;

    public readonly double SumMs => (double)_sum / MicrosecondsPerMs;

    public readonly double AverageMs => Count == 0 ? 0 : Math.Round(SumMs / Count, 4);

    public void Add(in LatencyRange other)
    {
        if (other.Count == 0)
        {
            return;
        }

        _least = Count == 0 ? other._least : Math.Min(_least, other._least);
        _most = Math.Max(_most, other._most);
        _sum += other._sum;
        Count += other.Count;
    }

    /// <summary>As <c>srvr</c> prints it: min/avg/max.</summary>
    public override readonly string ToString() => string.Create(CultureInfo.InvariantCulture, $"{MinMs}/{AverageMs:0.0###}/{MaxMs}");
}
