using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Partitions;

/// <summary>What partitions tell the operator.</summary>
internal static partial class BrokerPartitionsLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Could not append to {Topic}-{Partition}. Producers get a storage error, which they take as a reason to try again, until the disk takes a write; this is not logged again before then.")]
    public static partial void AppendFailed(ILogger logger, string topic, int partition, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Topic}-{Partition} takes records again.")]
    public static partial void AppendsAgain(ILogger logger, string topic, int partition);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Topic}-{Partition}, which the disk refused to make, is there now.")]
    public static partial void MadeAfterAll(ILogger logger, string topic, int partition);

    [LoggerMessage(Level = LogLevel.Error, Message = "Could not read {Topic}-{Partition}.")]
    public static partial void ReadFailed(ILogger logger, string topic, int partition, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Could not open the partition in {Folder}; it answers with a storage error until that is repaired.")]
    public static partial void OpenFailed(ILogger logger, string folder, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Could not tidy {Topic}-{Partition}.")]
    public static partial void TidyFailed(ILogger logger, string topic, int partition, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not store the producers of {Topic}-{Partition}; its next start reads more of the log.")]
    public static partial void SnapshotFailed(ILogger logger, string topic, int partition, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Could not compact {Topic}-{Partition}; its records stay as they are.")]
    public static partial void CompactionFailed(ILogger logger, string topic, int partition, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Could not compact {Topic}-{Partition}: its records stay as they are, and it is not tried again before the next start.")]
    public static partial void CompactionGivenUp(ILogger logger, string topic, int partition, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Passed over damaged batches of {Topic}-{Partition}, from offset {Offset} to before {Next}: what the broker noted there is lost, and older notes may count again.")]
    public static partial void OwnBatchDamaged(ILogger logger, string topic, int partition, long offset, long next);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} is damaged and passed over: what it said of producers is read from older files and from the log.")]
    public static partial void SnapshotDamaged(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A .txnindex file in {Folder} is damaged or missing: {Snapshot}, which speaks of it, is passed over, and the aborted transactions are read from the log again.")]
    public static partial void TransactionIndexDamaged(ILogger logger, string folder, string snapshot);

    [LoggerMessage(Level = LogLevel.Error, Message = "Could not force {Topic}-{Partition} to disk.")]
    public static partial void FlushFailed(ILogger logger, string topic, int partition, Exception exception);
}
