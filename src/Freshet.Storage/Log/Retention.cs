namespace Freshet.Storage.Log;

/// <summary>Says which segments a log no longer needs.</summary>
internal static class Retention
{
    /// <summary>Whether all of a segment's records are older than the log keeps them. Without timestamps age says nothing.</summary>
    public static bool IsExpired(LogSegment segment, LogOptions options, DateTimeOffset now) =>
        options.RetentionAge is TimeSpan age && segment.MaxTimestamp.Timestamp >= 0
        && segment.MaxTimestamp.Timestamp < (now - age).ToUnixTimeMilliseconds();

    /// <summary>Whether the oldest segment can go, by age or because the log is large enough without it.</summary>
    public static bool IsSuperfluous(LogSegment oldest, long logSize, LogOptions options, DateTimeOffset now) =>
        IsExpired(oldest, options, now) || (options.RetentionBytes is long most && logSize - oldest.Size >= most);
}
