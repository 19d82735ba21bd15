namespace Freshet.Coordination.Sessions;

/// <summary>Milliseconds since the server started, on a clock that never goes back. Sessions are timed by it.</summary>
internal sealed class MonotonicClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public long Now => (long)time.GetElapsedTime(_start).TotalMilliseconds;
}
