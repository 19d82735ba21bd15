namespace Freshet.Broker.Monitoring;

/// <summary>What became of the metrics that clients push about themselves. Counted from many threads, read now and then.</summary>
internal sealed class TelemetryFigures
{
    private long _received;
    private long _receivedBytes;
    private long _throttled;
    private long _unknownSubscriptions;
    private long _failed;
    private long _dropped;

    /// <summary>Pushes that were handed on.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Bytes of them, decompressed.</summary>
    public long ReceivedBytes => Interlocked.Read(ref _receivedBytes);

    /// <summary>Requests that came too early.</summary>
    public long Throttled => Interlocked.Read(ref _throttled);

    /// <summary>Pushes by what is no longer asked for.</summary>
    public long UnknownSubscriptions => Interlocked.Read(ref _unknownSubscriptions);

    /// <summary>Pushes that could not be read, or that their receiver failed on.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Pushes that were taken and could not be sent on to the collector.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Pushed(int bytes)
    {
        Interlocked.Increment(ref _received);
        Interlocked.Add(ref _receivedBytes, bytes);
    }

    public void CameTooEarly() => Interlocked.Increment(ref _throttled);

    public void NamedUnknownSubscription() => Interlocked.Increment(ref _unknownSubscriptions);

    public void PushFailed() => Interlocked.Increment(ref _failed);

    public void PushDropped(int pushes) => Interlocked.Add(ref _dropped, pushes);
}
