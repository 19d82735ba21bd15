namespace Freshet.Broker.Monitoring;

/// <summary>Connections of one listener.</summary>
internal sealed class ConnectionFigures
{
    private long _opened;
    private long _closed;

    /// <summary>Connections that came, ever.</summary>
    public long Opened => Interlocked.Read(ref _opened);

    /// <summary>Connections that are open now.</summary>
    public long Open => Opened - Interlocked.Read(ref _closed);

    public void Came() => Interlocked.Increment(ref _opened);

    public void Went() => Interlocked.Increment(ref _closed);
}
