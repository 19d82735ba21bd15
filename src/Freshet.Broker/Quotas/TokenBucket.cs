namespace Freshet.Broker.Quotas;

/// <summary>Lets bursts pass and then holds back, as Kafka does for changes to topics. Safe for any thread.</summary>
internal sealed class TokenBucket(TimeProvider time)
{
    /// <summary>Seconds worth of tokens that may be saved up: Kafka's eleven samples of one second.</summary>
    private const double Burst = 11;

    private readonly Lock _lock = new();
    private double _tokens = double.NaN;
    private long _at;

    /// <summary>How long until there is a token again; zero when there is one.</summary>
    public TimeSpan Wait(double perSecond)
    {
        lock (_lock)
        {
            Refill(perSecond);
            return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(-_tokens / Math.Max(perSecond, 0.001), TimeSpan.SecondsPerHour));
        }
    }

    /// <summary>Takes tokens, more than there are if need be; says how long until there is one again.</summary>
    public TimeSpan Take(double amount, double perSecond)
    {
        lock (_lock)
        {
            Refill(perSecond);
            _tokens -= amount;
        }

        return Wait(perSecond);
    }

    private void Refill(double perSecond)
    {
        long now = time.GetTimestamp();
        double most = perSecond * Burst;
        _tokens = double.IsNaN(_tokens) ? most : Math.Min(most, _tokens + (time.GetElapsedTime(_at, now).TotalSeconds * perSecond));
        _at = now;
    }
}
