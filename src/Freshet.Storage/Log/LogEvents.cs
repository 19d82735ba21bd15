using Microsoft.Extensions.Logging;

namespace Freshet.Storage.Log;

/// <summary>What the log tells its operator.</summary>
internal static partial class LogEvents
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Cut {TornBytes} bytes that do not make a whole batch off {File} at byte {Position}; the log ends at offset {NextOffset}.")]
    public static partial void TornTailCut(ILogger logger, string file, int position, long tornBytes, long nextOffset);

    [LoggerMessage(Level = LogLevel.Error, Message = "{File} is damaged at byte {Position}, and whole batches follow: the log ends before it at offset {NextOffset}, and what followed is kept in {Kept}. It is batches as a segment has them, for kafka-dump-log; remove it when nobody wants it any more.")]
    public static partial void LostBatchesKept(ILogger logger, string file, long position, long nextOffset, string kept);

    [LoggerMessage(Level = LogLevel.Error, Message = "Took {File} out of the log: the segment before it, {Previous}, ends early at offset {NextOffset}. It is kept as {Kept}; remove it when nobody wants it any more.")]
    public static partial void SegmentBehindGapDropped(ILogger logger, string file, string previous, long nextOffset, string kept);

    [LoggerMessage(Level = LogLevel.Error, Message = "The batch at byte {Position} of {File}, offsets {FirstOffset} to {LastOffset}, does not match its checksum, though it was safely on disk. It stays, and clients that check find out; restore the file from a copy, or have them pass over these offsets.")]
    public static partial void BatchDamaged(ILogger logger, string file, long position, long firstOffset, long lastOffset);

    [LoggerMessage(Level = LogLevel.Error, Message = "{File} is damaged at byte {Position}, where offset {NextOffset} begins: what follows in it cannot be read. Restore the file from a copy, or have clients pass over it.")]
    public static partial void ClosedSegmentDamaged(ILogger logger, string file, long position, long nextOffset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The indexes of {File} were damaged and are built anew from its batches.")]
    public static partial void IndexDamaged(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deleted {File} because {Why}; the log starts at offset {LogStartOffset}.")]
    public static partial void SegmentDeleted(ILogger logger, string file, string why, long logStartOffset);

    [LoggerMessage(Level = LogLevel.Error, Message = "Could not force the log in {Folder} to disk; it takes no more batches until the broker is started again.")]
    public static partial void FlushFailed(ILogger logger, string folder, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not write the checkpoint of the log in {Folder}; its next start checks more of the log.")]
    public static partial void CheckpointFailed(ILogger logger, string folder, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{File} is damaged: the whole log is checked anew, and records that were deleted from its first segment may be back.")]
    public static partial void CheckpointDamaged(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The leader epochs in {Folder} are lost or damaged and are read from the batches.")]
    public static partial void EpochsDamaged(ILogger logger, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The records in {File} reach into the future, to {Timestamp} ms since 1970: retention by age keeps the segment until then.")]
    public static partial void SegmentFromTheFuture(ILogger logger, string file, long timestamp);

    [LoggerMessage(Level = LogLevel.Information, Message = "Compacted the log in {Folder} up to offset {CompactedUpTo}: {BytesBefore} bytes became {BytesAfter}.")]
    public static partial void Compacted(ILogger logger, string folder, long compactedUpTo, long bytesBefore, long bytesAfter);
}
