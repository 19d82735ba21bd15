using System.IO.Pipelines;
using System.Net;
using Freshet.Broker.InProcess;
using Freshet.Broker;
using Freshet.Broker.Logging;
using Freshet.Coordination.Client;
using Freshet.Coordination;
using Freshet.Node.Configuration;
using Freshet.Node.Tls;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging;

namespace Freshet.Node;

/// <summary>
/// One Freshet node in this process: a coordination server, a broker, or both. A test starts one with
/// <c>await using var node = await FreshetNode.StartAsync();</c> and gets free ports and data that vanish with it.
/// </summary>
public sealed class FreshetNode : IAsyncDisposable
{
    // Stopped in reverse order: first the listener, last the coordination server that the broker needs to the end.
    private readonly Stack<IAsyncDisposable> _parts = new();
    private readonly Dictionary<string, string> _bootstrapServers = [];

    private BrokerService? _broker;
    private bool _stopped;

    private FreshetNode()
    {
    }

    /// <summary>
    /// Completes with the reason when a service of the node cannot go on safely, such as after a failed fsync: dispose the node, and
    /// start it again once the cause is gone. A node without such a service never completes it.
    /// </summary>
    public Task<Exception> Failure { get; private set; } = new TaskCompletionSource<Exception>().Task;

    /// <summary>Address of the coordination service as <c>host:port</c>; null when the node runs none or serves it with TLS only.</summary>
    public string? CoordinationConnectString { get; private set; }

    /// <summary>Address of the coordination service with TLS as <c>host:port</c>; null when it has no such port.</summary>
    public string? CoordinationTlsConnectString { get; private set; }

    /// <summary>
    /// Opens connections to the coordination service within the process, without a port: for <see cref="CoordinationClientOptions.Transport"/>.
    /// Null when the node runs none. Nobody is asked to authenticate there.
    /// </summary>
    public Func<CancellationToken, ValueTask<IDuplexPipe>>? CoordinationTransport { get; private set; }

    /// <summary>Address of the broker's first listener as <c>host:port</c>; null when the node runs none.</summary>
    public string? BootstrapServers { get; private set; }

    /// <summary>The broker without a client between: topics and records for tests, and waiting for what clients do.</summary>
    /// <exception cref="InvalidOperationException">The node runs no broker.</exception>
    /// <exception cref="ObjectDisposedException">The node was stopped.</exception>
    public InProcessBroker Kafka
    {
        get
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            return _broker?.InProcess ?? throw new InvalidOperationException("This node runs no broker.");
        }
    }

    /// <summary>Address of the HTTP pages; null when the node serves none.</summary>
    public Uri? HttpAddress { get; private set; }

    /// <summary>Address of the port that serves <c>/metrics</c> only; null when the node has none.</summary>
    public Uri? MetricsAddress { get; private set; }

    /// <summary>Starts a node and waits until every service it runs answers.</summary>
    /// <param name="options">What it runs; null means both services on free ports, with data that goes with the node.</param>
    /// <param name="loggers">Where the log goes; null for nowhere. Admin clients may change what is logged (see <see cref="AdjustableLoggers"/>).</param>
    /// <exception cref="ArgumentException">An option is wrong; the message says which and what it may be.</exception>
    /// <exception cref="IOException">A port is taken or the data directory cannot be used.</exception>
    /// <exception cref="InvalidDataException">The data directory is damaged or holds Apache ZooKeeper's data; the message says what to do.</exception>
    public static async ValueTask<FreshetNode> StartAsync(
        FreshetNodeOptions? options = null, ILoggerFactory? loggers = null, TimeProvider? time = null, CancellationToken cancellation = default)
    {
        options ??= new FreshetNodeOptions();
        NodeOptionsRules.Check(options);
        var node = new FreshetNode();
        try
        {
            await node.StartPartsAsync(options, Adjustable(loggers), time ?? TimeProvider.System, cancellation).ConfigureAwait(false);
            return node;
        }
        catch
        {
            await node.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Address of one of the broker's listeners as <c>host:port</c>.</summary>
    /// <exception cref="KeyNotFoundException">The broker has no listener of that name.</exception>
    public string BootstrapServersOf(string listener) => _bootstrapServers[listener];

    /// <summary>Stops listening, then the broker, then the coordination server, and deletes temporary data.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopped = true;
        while (_parts.TryPop(out IAsyncDisposable? part))
        {
            await part.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask StartPartsAsync(FreshetNodeOptions options, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation)
    {
        NodeFolder folder = Own(NodeFolder.Open(options.DataDirectory, options.Ephemeral));
        // Both at once: the broker reads its own data while the coordination server reads its.
        Task<CoordinationService?> coordination = Task.Run(() => StartCoordinationAsync(options, folder, loggers, time, cancellation), cancellation);
        await Task.WhenAll(coordination, StartBrokerAsync(options, folder, coordination, loggers, time, cancellation)).ConfigureAwait(false);
        await StartPagesAsync(options, await coordination.ConfigureAwait(false), cancellation).ConfigureAwait(false);
    }

    /// <summary>Binds the ports, starts the service that shows them, then serves. Stopping goes the other way round.</summary>
    private async Task<CoordinationService?> StartCoordinationAsync(
        FreshetNodeOptions options, NodeFolder folder, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation)
    {
        if (!options.Coordination)
        {
            return null;
        }

        CoordinationOptions settings = CoordinationSettings(options, folder);
        List<NodeListener> listeners = [];
        try
        {
            if (options.CoordinationPort is int port)
            {
                TlsHandshake? handshake = options.CoordinationPortUnification is TlsOptions unified ? new TlsHandshake(unified, loggers) : null;
                listeners.Add(await NodeListener.BindAsync(options.Address, port, handshake, loggers, cancellation, alsoPlain: true).ConfigureAwait(false));
                settings.ClientPort = listeners[^1].Port;
                CoordinationConnectString = $"{options.Address}:{settings.ClientPort}";
            }

            if (options.CoordinationTls is TlsOptions tls)
            {
                IPAddress address = tls.Address ?? options.Address;
                listeners.Add(await NodeListener.BindAsync(address, tls.Port, new TlsHandshake(tls, loggers), loggers, cancellation).ConfigureAwait(false));
                settings.SecureClientPort = listeners[^1].Port;
                CoordinationTlsConnectString = $"{address}:{settings.SecureClientPort}";
            }

            listeners.ForEach(listener => listener.WhileStarting = connection => CoordinationService.TryAnswerWhileStartingAsync(connection, settings));
            CoordinationService service = Own(await CoordinationService.StartAsync(settings, loggers, time, cancellation).ConfigureAwait(false));
            Failure = service.Failure;
            CoordinationTransport = _ => ValueTask.FromResult(InProcessConnection.Open(service.ServeAsync));
            listeners.ForEach(listener => listener.Serve(service.ServeAsync));
            return service;
        }
        finally
        {
            listeners.ForEach(listener => Own(listener));
        }
    }

    /// <summary>Binds the ports, starts the broker that tells them to clients, then serves. Stopping goes the other way round.</summary>
    private async Task StartBrokerAsync(
        FreshetNodeOptions options, NodeFolder folder, Task<CoordinationService?> coordination, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation)
    {
        if (!options.Broker)
        {
            return;
        }

        ValueTask<CoordinationClient> ReopenAsync(CancellationToken again) => ConnectAsync(options, coordination, loggers, time, again);
        BrokerOptions settings = BrokerSettings(options, folder, ReopenAsync);
        Task<CoordinationClient> session = OwnSessionAsync();
        KafkaListener[] wanted = options.KafkaListeners.Count > 0 ? [.. options.KafkaListeners] : [new KafkaListener { Port = options.KafkaPort }];
        List<(NodeListener Socket, BrokerListener Listener)> listeners = [];
        try
        {
            foreach (KafkaListener listener in wanted)
            {
                IPAddress address = listener.Address ?? options.Address;
                TlsHandshake? tls = listener.RequiredTls is TlsOptions secure ? new TlsHandshake(secure, loggers) : null;
                NodeListener socket = await NodeListener.BindAsync(address, listener.Port, tls, loggers, cancellation).ConfigureAwait(false);
                listeners.Add((socket, new BrokerListener(
                    listener.Name, listener.Protocol, listener.AdvertisedHost ?? KafkaListener.Reachable(address), listener.AdvertisedPort ?? socket.Port)));
                _bootstrapServers[listener.Name] = new IPEndPoint(address, socket.Port).ToString();
            }

            BootstrapServers = _bootstrapServers[wanted[0].Name];
            settings.Listeners = [.. listeners.Select(bound => bound.Listener)];
            BrokerService service = Own(await BrokerService.StartAsync(settings, session, loggers, time, cancellation).ConfigureAwait(false));
            _broker = service;
            listeners.ForEach(bound => bound.Socket.Serve(connection => service.ServeAsync(connection, bound.Listener)));
        }
        finally
        {
            await ((Task)session).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            listeners.ForEach(bound => Own(bound.Socket));
        }

        async Task<CoordinationClient> OwnSessionAsync() => Own(await ReopenAsync(cancellation).ConfigureAwait(false));
    }

    private async ValueTask StartPagesAsync(FreshetNodeOptions options, CoordinationService? coordination, CancellationToken cancellation)
    {
        if (options.HttpPort is null && options.MetricsPort is null)
        {
            return;
        }

        var pages = Own(new NodePages(this, coordination, _broker));
        if (options.HttpPort is int httpPort)
        {
            HttpAddress = (await ListenAsync(httpPort, pages.ServeAsync).ConfigureAwait(false)).Address;
        }

        if (options.MetricsPort is int metricsPort)
        {
            MetricsAddress = (await ListenAsync(metricsPort, pages.ServeMetricsAsync).ConfigureAwait(false)).Address;
        }

        async ValueTask<NodeHttp> ListenAsync(int port, RequestDelegate serve) =>
            Own(await NodeHttp.StartAsync(new IPEndPoint(options.HttpAddress, port), serve, cancellation).ConfigureAwait(false));
    }

    private static CoordinationOptions CoordinationSettings(FreshetNodeOptions options, NodeFolder folder)
    {
        var settings = new CoordinationOptions { DataDirectory = folder.Of(FreshetNodeOptions.CoordinationFolder), ForceSync = !folder.IsTemporary };
        if (!folder.IsTemporary)
        {
            ApacheData.Refuse(options.DataDirectory!);
            settings.ServerId = ServerNumber.Read(options.DataDirectory!);
        }

        options.ConfigureCoordination?.Invoke(settings);
        return settings;
    }

    private static BrokerOptions BrokerSettings(
        FreshetNodeOptions options, NodeFolder folder, Func<CancellationToken, ValueTask<CoordinationClient>> reopen)
    {
        var settings = new BrokerOptions
        {
            ForceSync = !folder.IsTemporary,
            DataDirectory = folder.Of(FreshetNodeOptions.BrokerFolder),
            ReopenCoordination = reopen,
        };
        if (folder.IsTemporary)
        {
            // Such nodes serve tests, which are not to wait for a rebalance as long as a cluster may.
            settings.GroupConsumerHeartbeatInterval = TimeSpan.FromMilliseconds(500);
        }

        options.ConfigureBroker?.Invoke(settings);
        return settings;
    }

    /// <summary>Opens the broker's session: with the coordination service that the options name, or with the node's own once it serves.</summary>
    private async ValueTask<CoordinationClient> ConnectAsync(
        FreshetNodeOptions options, Task<CoordinationService?> coordination, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation)
    {
        var session = new CoordinationClientOptions();
        if (options.CoordinationConnectString is { Length: > 0 } elsewhere)
        {
            session.ConnectString = elsewhere;
        }
        else
        {
            await coordination.ConfigureAwait(false);
            session.Transport = CoordinationTransport
                ?? throw new ArgumentException("A broker needs a coordination service: run one in this node or name one in CoordinationConnectString.", nameof(options));
        }

        return await CoordinationClient.ConnectAsync(session, loggers, time, cancellation).ConfigureAwait(false);
    }

    /// <summary>Loggers whose levels admin clients change; for the whole node, so that those of coordination are among them.</summary>
    private static AdjustableLoggers Adjustable(ILoggerFactory? loggers) =>
        loggers is null ? new AdjustableLoggers(NullLoggerFactory.Instance, LogLevel.Information) : loggers as AdjustableLoggers ?? new AdjustableLoggers(loggers);

    private T Own<T>(T part)
        where T : IAsyncDisposable
    {
        lock (_parts)
        {
            _parts.Push(part);
        }

        return part;
    }
}
