namespace Freshet.Coordination.Sessions;

/// <summary>The session timeouts that clients can get, in milliseconds.</summary>
internal sealed class SessionTimeouts
{
    private const int MinTicks = 2;
    private const int MaxTicks = 20;

    /// <exception cref="ArgumentException">The least is above the most.</exception>
    public SessionTimeouts(CoordinationOptions options)
    {
        Min = (int)(options.MinSessionTimeout ?? MinTicks * options.TickTime).TotalMilliseconds;
        Max = (int)(options.MaxSessionTimeout ?? MaxTicks * options.TickTime).TotalMilliseconds;
        if (Min <= 0 || Min > Max)
        {
            throw new ArgumentException($"Session timeouts must lie between a positive least and a most, but {Min} ms and {Max} ms were asked for.", nameof(options));
        }
    }

    public int Min { get; }

    public int Max { get; }

    public int Clamp(int asked) => Math.Clamp(asked, Min, Max);
}
