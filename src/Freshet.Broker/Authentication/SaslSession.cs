using Freshet.Broker.Access;
using Freshet.Broker.Connections;
using Freshet.Protocol.Kafka;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Authentication;

/// <summary>
/// The authentication of one connection: choose a mechanism, exchange tokens, be known. Later the client may do it again on the same
/// connection, and must when its session has a limit (KIP-368). Nothing else is answered before the first time, after a
/// failure, or when the limit has passed.
/// </summary>
internal sealed class SaslSession(SaslMechanisms mechanisms, Peer peer, SaslOptions options, TimeProvider time, ILogger logger)
{
    private ISaslExchange? _exchange;
    private string? _mechanism;
    private string? _provenBy;
    private DateTimeOffset? _validUntil;

    /// <summary>Called each time the client has proved who it is.</summary>
    public event Action? Authenticated;

    /// <summary>The settings of its listener.</summary>
    public SaslOptions Options => options;

    /// <summary>Names of the mechanisms that are offered.</summary>
    public IReadOnlyList<string> Offered => mechanisms.Names;

    /// <summary>Whether the client has proved who it is.</summary>
    public bool IsAuthenticated => _provenBy is not null;

    /// <summary>Whether a mechanism is chosen and tokens are awaited.</summary>
    public bool IsUnderWay => _exchange is not null;

    /// <summary>Whether the next bytes are a bare token: a client of the first handshake sends no requests around its tokens.</summary>
    public bool ExpectsBareToken { get; private set; }

    /// <summary>Whether a request of this kind is answered now.</summary>
    public bool Accepts(ApiKey key) => key switch
    {
        ApiKey.SaslHandshake or ApiKey.SaslAuthenticate => true,
        ApiKey.ApiVersions => _exchange is null,
        _ => IsAuthenticated && _exchange is null && (_validUntil is not { } end || time.GetUtcNow() < end),
    };

    /// <summary>Chooses the mechanism; an error when it is not offered, or when this is not the time to choose.</summary>
    public ErrorCode Begin(string mechanism, bool bareTokens)
    {
        if (_exchange is not null || (IsAuthenticated && _validUntil is null))
        {
            return ErrorCode.IllegalSaslState;
        }

        if (mechanisms.Find(mechanism) is not { } found || (_provenBy is not null && _provenBy != mechanism))
        {
            return ErrorCode.UnsupportedSaslMechanism;
        }

        (_exchange, _mechanism, ExpectsBareToken) = (found.Start(), mechanism, bareTokens);
        return ErrorCode.None;
    }

    /// <summary>Takes a token while the authentication is under way. A reply that has failed comes after a delay, and the connection is to be closed.</summary>
    public async ValueTask<(SaslReply Reply, TimeSpan? Lifetime)> AdvanceAsync(ReadOnlyMemory<byte> token, CancellationToken cancellation)
    {
        SaslReply reply = await _exchange!.AdvanceAsync(token, cancellation).ConfigureAwait(false);
        if (reply.Principal is { } principal && _provenBy is not null && principal != peer.Principal)
        {
            reply = SaslReply.Failed("Authentication failed: the client must stay the user that it was.");
        }

        if (reply.Failure is { } failure)
        {
            BrokerLog.AuthenticationFailed(logger, peer.Host, peer.Listener.Name, _mechanism ?? "", failure);
            await Task.Delay(options.FailureDelay, time, cancellation).ConfigureAwait(false);
            return (reply, null);
        }

        return reply.Principal is { } known ? (reply, Accept(known, reply.ValidUntil)) : (reply, null);
    }

    /// <summary>Notes who the client is, and returns how long that holds; null for as long as the connection.</summary>
    private TimeSpan? Accept(Principal principal, DateTimeOffset? credentialEnd)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset? sessionEnd = options.MaxSession is { } most ? now + most : null;
        _validUntil = credentialEnd is { } credential && (sessionEnd is not { } session || credential < session) ? credential : sessionEnd;
        (_provenBy, _exchange, ExpectsBareToken) = (_mechanism, null, false);
        peer.Principal = principal;
        Authenticated?.Invoke();
        return _validUntil is { } end ? end - now : null;
    }
}
