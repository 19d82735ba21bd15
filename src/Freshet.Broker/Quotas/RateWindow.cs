namespace Freshet.Broker.Quotas;

/// <summary>What was used in the last seconds: Kafka's eleven samples of one second. Safe for any thread.</summary>
internal sealed class RateWindow(TimeProvider time)
{
    /// <summary>Seconds that count at least: what is used in them may be this many times the limit.</summary>
    public const int Seconds = Samples - 1;

    private const int Samples = 11;
    private readonly Lock _lock = new();
    private readonly double[] _used = new double[Samples];
    private readonly long[] _second = new long[Samples];

    /// <summary>When it was used last, in seconds of the clock.</summary>
    public long LastUsed { get; private set; }

    /// <summary>Whether nothing was used.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return Total(time.GetUtcNow().ToUnixTimeSeconds()) <= 0;
            }
        }
    }

    /// <summary>Adds to what was used (a negative amount takes back), and says for how long to hold back so that the rate falls to the limit.</summary>
    public TimeSpan Add(double amount, double limit)
    {
        lock (_lock)
        {
            long now = time.GetUtcNow().ToUnixTimeMilliseconds();
            long second = now / 1000;
            int slot = (int)(second % Samples);
            if (_second[slot] != second)
            {
                (_second[slot], _used[slot]) = (second, 0);
            }

            _used[slot] += amount;
            LastUsed = second;
            double total = Total(second);
            // The window counts as full from the start, so that a first burst is not taken for a rate.
            double seconds = Seconds + (now % 1000 / 1000.0);
            double rate = total / seconds;
            return rate <= limit ? TimeSpan.Zero : Wait((rate - limit) / limit * seconds);
        }
    }

    private double Total(long second)
    {
        double total = 0;
        for (int index = 0; index < Samples; index++)
        {
            total += second - _second[index] < Samples ? _used[index] : 0;
        }

        return total;
    }

    private static TimeSpan Wait(double seconds) => double.IsFinite(seconds) && seconds < TimeSpan.SecondsPerHour ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromHours(1);
}
