namespace Freshet.Streams.Runtime;

/// <summary>Event time as users see it and as channels carry it.</summary>
internal static class EventTime
{
    /// <summary>A watermark's time; the end of time becomes the largest time there is.</summary>
    public static DateTimeOffset FromTicks(long ticks) =>
        new(Math.Clamp(ticks, DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
}
