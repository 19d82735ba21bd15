using Freshet.Storage.Log.Segments;

namespace Freshet.Storage.Log;

/// <summary>Says which segments a log no longer needs.</summary>
internal static class Retention
{
    /// <summary>How far clocks may differ before a time counts as the future: Kafka's default bound for producers.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromHours(1);

    /// <summary>Whether all of a segment's records are older than the log keeps them. Records without a time are as old as their file.</summary>
    public static bool IsExpired(LogSegment segment, LogOptions options, DateTimeOffset now) =>
        options.RetentionAge is TimeSpan age && IsBefore(segment, (now - age).ToUnixTimeMilliseconds());

    /// <summary>Whether a segment has a record from the future, which keeps it until then.</summary>
    public static bool IsFromTheFuture(LogSegment segment, LogOptions options, DateTimeOffset now) =>
        options.RetentionAge is not null && segment.MaxTimestamp.Timestamp > (now + Tolerance).ToUnixTimeMilliseconds();

    private static bool IsBefore(LogSegment segment, long time) =>
        TimeOf(segment) < time && (segment.ConfirmMaxTimestamp().Timestamp < 0 || segment.MaxTimestamp.Timestamp < time);

    private static long TimeOf(LogSegment segment) =>
        segment.MaxTimestamp.Timestamp >= 0 ? segment.MaxTimestamp.Timestamp : segment.LastWritten.ToUnixTimeMilliseconds();

    /// <summary>Whether the oldest segment can go, by age or because the log is large enough without it.</summary>
    public static bool IsSuperfluous(LogSegment oldest, long logSize, LogOptions options, DateTimeOffset now) =>
        IsExpired(oldest, options, now) || (options.RetentionBytes is long most && logSize - oldest.Size >= most);
}
