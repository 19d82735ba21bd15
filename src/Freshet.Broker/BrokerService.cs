using System.Net;
using Freshet.Broker.Access;
using Freshet.Broker.Connections;
using Freshet.Broker.InProcess;
using Freshet.Broker.Logging;
using Freshet.Coordination.Client;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker;

/// <summary>One broker: recovers its partitions, registers itself in the coordination service, serves connections.</summary>
public sealed class BrokerService : IAsyncDisposable
{
    /// <summary>
    /// Name of the meter with the broker's figures, under Kafka's metric names. Its scope is the service, so that a listener tells several in
    /// one process apart.
    /// </summary>
    public const string MeterName = "Freshet.Broker";

    private readonly BrokerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Authorizer _authorizer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly BrokerParts _parts;

    private BrokerService(BrokerOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _authorizer = new Authorizer(options.Authorizer, logger);
        _parts = new BrokerParts(this, options, _authorizer, time, logger);
    }

    /// <summary>Recovers the data directory, registers the broker and starts serving.</summary>
    /// <param name="coordination">Keeps brokers and topics; owned by the caller. While it connects the broker reads its own data.</param>
    /// <param name="loggers">Where the log goes. <see cref="AdjustableLoggers"/> are the ones whose levels admin clients change; others are put behind such.</param>
    /// <exception cref="ArgumentException">An option is wrong; the message says which.</exception>
    /// <exception cref="FormatException">The rules for certificates cannot be read.</exception>
    /// <exception cref="IOException">The data directory cannot be used.</exception>
    /// <exception cref="InvalidOperationException">Another living broker has this id, or the data belongs to another cluster.</exception>
    /// <exception cref="CoordinationException">The coordination service refuses what the broker needs.</exception>
    public static async ValueTask<BrokerService> StartAsync(
        BrokerOptions options, Task<CoordinationClient> coordination, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(coordination);
        ArgumentNullException.ThrowIfNull(loggers);
        ArgumentNullException.ThrowIfNull(time);
        AdjustableLoggers adjustable = loggers as AdjustableLoggers ?? new AdjustableLoggers(loggers);
        var broker = new BrokerService(options, time, adjustable.CreateLogger<BrokerService>());
        try
        {
            await broker._parts.StartAsync(coordination, adjustable, cancellation).ConfigureAwait(false);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The broker as its own process sees it.</summary>
    public InProcessBroker InProcess => _parts.InProcess;

    /// <summary>Serves one client connection until it closes.</summary>
    /// <param name="listener">One of the broker's own, where the connection came in.</param>
    public async Task ServeAsync(ConnectionContext connection, BrokerListener listener)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(listener);
        var remote = connection.RemoteEndPoint as IPEndPoint;
        var peer = new Peer(listener, remote?.Address, _parts.Access.Begin) { Port = remote?.Port ?? 0 };
        using ConnectionLimits.Place? place = _parts.Limits.TryTake(peer);
        if (place is null)
        {
            BrokerLog.TooManyConnections(_logger, peer.Host, listener.Name);
            return;
        }

        if (_parts.Rates.Take(listener) is var turn && turn > TimeSpan.Zero)
        {
            await Task.Delay(turn, _time, connection.ConnectionClosed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (_parts.Quotas.OfConnection(peer.Host) is var wait && wait > TimeSpan.Zero)
        {
            // Closed only later: a client that is closed at once comes back at once.
            await Task.Delay(wait, _time, connection.ConnectionClosed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        else if (TryName(connection, peer))
        {
            await new ClientConnection(connection, peer, _parts.Dispatcher, _authorizer, _parts.Quotas, _options, _time, _logger).ServeAsync(_stopping.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Ends all connections, then stores what is left to store.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _parts.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Names a client of a listener with TLS by its certificate; false when no rule fits it.</summary>
    private bool TryName(ConnectionContext connection, Peer peer)
    {
        if (peer.Listener.Protocol != SecurityProtocol.Ssl)
        {
            return true;
        }

        if (_parts.Access.CertificatesOf(peer.Listener).Of(connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate) is not { } principal)
        {
            BrokerLog.UnmappedCertificate(_logger, peer.Host, peer.Listener.Name);
            return false;
        }

        peer.Principal = principal;
        return true;
    }
}
