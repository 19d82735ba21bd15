namespace Freshet.Coordination.Client.Connection;

/// <summary>
/// Keeps a session alive on one connection: has a ping sent when nothing was sent for a third of the session timeout, and gives the
/// connection up when nothing came for two thirds. Safe for use by the read loop, the write loop and its own at once.
/// </summary>
/// <param name="wakeWriter">Has the write loop look whether a ping is due.</param>
internal sealed class Heartbeat(TimeProvider time, Action wakeWriter)
{
    private long _lastHeard;
    private long _lastSpoken;
    private volatile bool _pingDue;

    /// <summary>Something came from the server.</summary>
    public void Heard() => Interlocked.Exchange(ref _lastHeard, time.GetTimestamp());

    /// <summary>Something is sent to the server.</summary>
    public void Spoke() => Interlocked.Exchange(ref _lastSpoken, time.GetTimestamp());

    /// <summary>Whether a ping is to be sent now; says so once.</summary>
    public bool TakePing()
    {
        bool due = _pingDue;
        _pingDue = false;
        return due;
    }

    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="TimeoutException">The server was silent too long.</exception>
    public async Task RunAsync(TimeSpan sessionTimeout, CancellationToken cancellation)
    {
        while (true)
        {
            TimeSpan silence = time.GetElapsedTime(Interlocked.Read(ref _lastHeard));
            if (silence >= sessionTimeout * 2 / 3)
            {
                throw new TimeoutException($"the server was silent for {silence.TotalSeconds:F1} s.");
            }

            TimeSpan untilPing = (sessionTimeout / 3) - time.GetElapsedTime(Interlocked.Read(ref _lastSpoken));
            if (untilPing <= TimeSpan.Zero)
            {
                _pingDue = true;
                wakeWriter();
                untilPing = sessionTimeout / 3;
            }

            TimeSpan untilDead = (sessionTimeout * 2 / 3) - silence;
            await Task.Delay(untilPing < untilDead ? untilPing : untilDead, time, cancellation).ConfigureAwait(false);
        }
    }
}
