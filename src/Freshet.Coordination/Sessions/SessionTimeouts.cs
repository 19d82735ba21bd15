namespace Freshet.Coordination.Sessions;

/// <summary>The session timeouts that clients can get, in milliseconds.</summary>
internal sealed class SessionTimeouts
{
    private const int LeastTicks = 2;
    private const int MostTicks = 20;

    /// <exception cref="ArgumentException">The least is above the most.</exception>
    public SessionTimeouts(CoordinationOptions options)
    {
        Least = (int)(options.MinSessionTimeout ?? LeastTicks * options.TickTime).TotalMilliseconds;
        Most = (int)(options.MaxSessionTimeout ?? MostTicks * options.TickTime).TotalMilliseconds;
        if (Least <= 0 || Least > Most)
        {
            throw new ArgumentException($"Session timeouts must lie between a positive least and a most, but {Least} ms and {Most} ms were asked for.", nameof(options));
        }
    }

    public int Least { get; }

    public int Most { get; }

    public int Clamp(int asked) => Math.Clamp(asked, Least, Most);
}
