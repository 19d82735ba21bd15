using Freshet.Protocol.Kafka;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Transactions;

/// <summary>What the transaction coordinator tells the operator.</summary>
internal static partial class TransactionEvents
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded {Ids} transactional ids, {Ending} of them with a transaction to end.")]
    public static partial void Loaded(ILogger logger, int ids, int ending);

    [LoggerMessage(Level = LogLevel.Error, Message = "A record of transactions cannot be read; it is skipped.")]
    public static partial void UnreadableRecord(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The transaction of '{Id}' took longer than {TimeoutMs} ms; its producer is fenced and it is aborted.")]
    public static partial void TimedOut(ILogger logger, string id, int timeoutMs);

    [LoggerMessage(Level = LogLevel.Error, Message = "The marker of a transaction of '{Id}' cannot be written to {Topic}-{Partition} ({Error}); trying on.")]
    public static partial void MarkerFailed(ILogger logger, string id, string topic, int partition, ErrorCode error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The marker of a transaction of '{Id}' is not for {Topic}-{Partition} any more ({Error}); the partition has seen a later one.")]
    public static partial void MarkerOutdated(ILogger logger, string id, string topic, int partition, ErrorCode error);
}
