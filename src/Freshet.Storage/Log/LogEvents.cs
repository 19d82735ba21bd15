using Microsoft.Extensions.Logging;

namespace Freshet.Storage.Log;

/// <summary>What the log tells its operator.</summary>
internal static partial class LogEvents
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Cut {TornBytes} bytes that do not make a whole batch off {File} at byte {Position}; the log ends at offset {NextOffset}.")]
    public static partial void TornTailCut(ILogger logger, string file, int position, long tornBytes, long nextOffset);

    [LoggerMessage(Level = LogLevel.Error, Message = "Dropped {File}: the segment before it, {Previous}, ends early at offset {NextOffset} after a crash of the machine.")]
    public static partial void SegmentBehindGapDropped(ILogger logger, string file, string previous, long nextOffset);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deleted {File} because {Why}; the log starts at offset {LogStartOffset}.")]
    public static partial void SegmentDeleted(ILogger logger, string file, string why, long logStartOffset);

    [LoggerMessage(Level = LogLevel.Error, Message = "Could not force the log in {Folder} to disk; it takes no more batches until the broker is started again.")]
    public static partial void FlushFailed(ILogger logger, string folder, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not write the checkpoint of the log in {Folder}; its next start checks more of the log.")]
    public static partial void CheckpointFailed(ILogger logger, string folder, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The records in {File} reach into the future, to {Timestamp} ms since 1970: retention by age keeps the segment until then.")]
    public static partial void SegmentFromTheFuture(ILogger logger, string file, long timestamp);

    [LoggerMessage(Level = LogLevel.Information, Message = "Compacted the log in {Folder} up to offset {CompactedUpTo}: {BytesBefore} bytes became {BytesAfter}.")]
    public static partial void Compacted(ILogger logger, string folder, long compactedUpTo, long bytesBefore, long bytesAfter);
}
