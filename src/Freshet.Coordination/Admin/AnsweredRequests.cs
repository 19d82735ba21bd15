namespace Freshet.Coordination.Admin;

/// <summary>
/// The requests answered in the batch at hand. The clock is read once when a batch begins and once when it is flushed, so
/// a request costs a few additions here and no call of the clock.
/// </summary>
internal struct AnsweredRequests
{
    private long _count;
    private long _sum;
    private long _earliest;
    private long _latest;

    /// <param name="receivedAt">Microseconds, on the clock of the batches.</param>
    public void Add(long receivedAt)
    {
        _earliest = _count == 0 ? receivedAt : Math.Min(_earliest, receivedAt);
        _latest = _count == 0 ? receivedAt : Math.Max(_latest, receivedAt);
        _sum += receivedAt;
        _count++;
    }

    /// <summary>The latencies of all when their answers leave now, and starts anew.</summary>
    public LatencyRange Take(long now)
    {
        var latency = LatencyRange.Of(_count, (_count * now) - _sum, now - _latest, now - _earliest);
        this = default;
        return latency.Count == 0 ? default : latency;
    }
}
