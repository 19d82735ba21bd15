namespace Freshet.Storage.Log;

/// <summary>A record's place and time.</summary>
/// <param name="Timestamp">Milliseconds since 1970.</param>
/// <param name="Offset">Offset in the partition.</param>
public readonly record struct TimestampOffset(long Timestamp, long Offset);
