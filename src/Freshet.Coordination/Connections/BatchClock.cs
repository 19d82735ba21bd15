namespace Freshet.Coordination.Connections;

/// <summary>The time since the server started, read once per batch of the sequencer however many requests ask for it.</summary>
internal sealed class BatchClock(TimeProvider time)
{
    private const int MicrosecondsPerMs = 1000;

    private readonly long _start = time.GetTimestamp();
    private long _now;
    private bool _isKnown;

    /// <summary>Microseconds, as of the first look in this batch.</summary>
    public long Microseconds
    {
        get
        {
            if (!_isKnown)
            {
                _now = Read();
                _isKnown = true;
            }

            return _now;
        }
    }

    public long Milliseconds => Microseconds / MicrosecondsPerMs;

    /// <summary>Ends the batch; returns the time now, in microseconds.</summary>
    public long EndBatch()
    {
        _isKnown = false;
        return Read();
    }

    private long Read() => time.GetElapsedTime(_start).Ticks / TimeSpan.TicksPerMicrosecond;
}
