using Microsoft.Extensions.Logging;

namespace Freshet.Streams.Kafka;

internal static partial class KafkaStreamsLog
{
    [LoggerMessage(1, LogLevel.Debug, "{Client}: {Message}")]
    public static partial void ClientSaid(ILogger logger, string client, string message);

    [LoggerMessage(2, LogLevel.Warning, "The Kafka client of topic {Topic} has trouble: {Reason}")]
    public static partial void ClientHasTrouble(ILogger logger, string topic, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Topic {Topic} cannot be read for now: {Reason}")]
    public static partial void ReadFailedForNow(ILogger logger, string topic, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Offsets of group {Group} were not committed: {Reason}")]
    public static partial void CommitFailed(ILogger logger, string group, string reason);
}
