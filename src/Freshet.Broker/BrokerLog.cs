using System.Net;
using Freshet.Broker.Access;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker;

/// <summary>What the broker tells the operator.</summary>
internal static partial class BrokerLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Closing the connection from {Client}: {Problem}")]
    public static partial void MalformedRequest(ILogger logger, EndPoint? client, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Closing the connection from {Client}: API {Key} version {Version} is not spoken here.")]
    public static partial void UnsupportedRequest(ILogger logger, EndPoint? client, short key, short version);

    [LoggerMessage(Level = LogLevel.Error, Message = "A {Key} request, version {Version}, failed; its connection is closed.")]
    public static partial void RequestFailed(ILogger logger, ApiKey key, short version, Exception failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "Broker {BrokerId} is registered; clients reach it at {Listeners}.")]
    public static partial void Registered(ILogger logger, int brokerId, IEnumerable<BrokerListener> listeners);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Broker {BrokerId} is still registered by an earlier session; waiting for that to expire.")]
    public static partial void WaitingForEarlierSession(ILogger logger, int brokerId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The broker's session with the coordination service is over: until a new one is open, topics and brokers are as they were last known, and cannot be changed.")]
    public static partial void SessionOver(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "Could not join the cluster again; trying on.")]
    public static partial void ReopenFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Work} failed; it is done again at its next interval.")]
    public static partial void PeriodicWorkFailed(ILogger logger, string work, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Watching {Path} failed.")]
    public static partial void WatchFailed(ILogger logger, string path, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "The znode {Path} does not hold what a broker writes there; it is ignored.")]
    public static partial void UnreadableZnode(ILogger logger, string path, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Partition {Topic}-{Partition} cannot be opened here and answers with a storage error.")]
    public static partial void PartitionFailed(ILogger logger, string topic, int partition, Exception failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "Access rule {Change}: {Rule} by {Principal} from {Host}: {Result}.")]
    public static partial void RuleChanged(ILogger logger, string change, AclBinding rule, Principal principal, string host, ErrorCode result);

    [LoggerMessage(Level = LogLevel.Information, Message = "Quotas of {Entity} altered by {Principal} from {Host}: {Result}.")]
    public static partial void QuotasAltered(ILogger logger, IEnumerable<QuotaEntityPart> entity, Principal principal, string host, ErrorCode result);

    [LoggerMessage(Level = LogLevel.Information, Message = "SCRAM credentials of {User} altered by {Principal} from {Host}: {Result}.")]
    public static partial void CredentialsAltered(ILogger logger, string user, Principal principal, string host, ErrorCode result);

    [LoggerMessage(Level = LogLevel.Information, Message = "Authentication of {Host} on {Listener} by {Mechanism} failed: {Reason}")]
    public static partial void AuthenticationFailed(ILogger logger, string host, string listener, string mechanism, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "A token was refused: {Reason}")]
    public static partial void TokenRefused(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The keys of the token issuer at {Address} cannot be read: {Reason}")]
    public static partial void KeysNotRead(ILogger logger, Uri address, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Closing the connection from {Host} on {Listener}: a {Key} request came before the client has authenticated, or after its session was over.")]
    public static partial void NotAuthenticated(ILogger logger, string host, string listener, ApiKey key);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Closing the connection from {Host} on {Listener}: there are as many as are allowed.")]
    public static partial void TooManyConnections(ILogger logger, string host, string listener);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Closing the connection from {Host} on {Listener}: no rule makes a name of its certificate's subject.")]
    public static partial void UnmappedCertificate(ILogger logger, string host, string listener);

    [LoggerMessage(Level = LogLevel.Information, Message = "Denied: {Principal} from {Host} may not {Operation} {ResourceType} {Name}.")]
    public static partial void Denied(ILogger logger, Principal principal, string host, AclOperation operation, AclResourceType resourceType, string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded {Groups} groups from {Partitions} partitions.")]
    public static partial void GroupsLoaded(ILogger logger, int groups, int partitions);

    [LoggerMessage(Level = LogLevel.Error, Message = "A record of groups and offsets cannot be read; it is skipped.")]
    public static partial void UnreadableGroupRecord(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The level of logger {Name} is now {Level}.")]
    public static partial void LevelChanged(ILogger logger, string name, string level);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Key} version {Version} of client {ClientId}, {Principal} at {Client}: {Bytes} bytes, answered in {Milliseconds} ms with {Error}.")]
    public static partial void Answered(
        ILogger logger, ApiKey key, short version, string? clientId, Principal principal, EndPoint? client, int bytes, double milliseconds, ErrorCode error);

    [LoggerMessage(Level = LogLevel.Error, Message = "The receiver of clients' metrics failed on those of client {ClientId} at {Host}.")]
    public static partial void TelemetryFailed(ILogger logger, string? clientId, string host, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Clients' metrics wait for the collector at {Collector}: {Problem}")]
    public static partial void CollectorAway(ILogger logger, string collector, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The collector at {Collector} refuses clients' metrics with status {Status}; they are dropped.")]
    public static partial void CollectorRefuses(ILogger logger, string collector, int status);
}
