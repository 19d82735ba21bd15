using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Telemetry;

/// <summary>A client that sends metrics: what is asked of it, and when it was heard of. Changed under the lock of <see cref="TelemetryClients"/>.</summary>
internal sealed class TelemetryClient(AskedMetrics asked)
{
    private DateTimeOffset? _lastAsked;
    private DateTimeOffset? _lastPushed;
    private ErrorCode _lastError;

    /// <summary>What is asked of it. When that changes the client starts anew.</summary>
    public AskedMetrics Asked { get; } = asked;

    /// <summary>When it was heard of last.</summary>
    public DateTimeOffset LastSeen { get; set; }

    /// <summary>Whether it has said that it ends.</summary>
    public bool IsTerminated { get; private set; }

    /// <summary>The client asks what to send: once in an interval, and when its last push shows that it does not know.</summary>
    public ErrorCode Ask(DateTimeOffset now)
    {
        DateTimeOffset? last = _lastPushed > _lastAsked ? _lastPushed : _lastAsked ?? _lastPushed;
        if (now - last < Asked.Interval && _lastError is not (ErrorCode.UnknownSubscriptionId or ErrorCode.UnsupportedCompressionType))
        {
            return ErrorCode.ThrottlingQuotaExceeded;
        }

        (_lastAsked, _lastError) = (now, ErrorCode.None);
        return ErrorCode.None;
    }

    /// <summary>The client sends: once in an interval, and after it asked. Clients spread their first push over half an interval to one and a half.</summary>
    public ErrorCode Push(DateTimeOffset now, int subscription, bool terminating)
    {
        bool isEarly = _lastPushed is { } pushed && (_lastAsked is null || _lastAsked <= pushed) && now - pushed < Asked.Interval;
        if (IsTerminated || (isEarly && !terminating))
        {
            return IsTerminated ? ErrorCode.InvalidRequest : ErrorCode.ThrottlingQuotaExceeded;
        }

        _lastPushed = now;
        IsTerminated = terminating;
        return Failed(subscription == Asked.Id ? ErrorCode.None : ErrorCode.UnknownSubscriptionId);
    }

    /// <summary>Notes what became of a push.</summary>
    public ErrorCode Failed(ErrorCode error) => _lastError = error;
}
