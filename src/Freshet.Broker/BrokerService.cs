using System.Net;
using Freshet.Broker.Access;
using Freshet.Broker.Authentication;
using Freshet.Broker.Cluster;
using Freshet.Broker.Cluster.Brokers;
using Freshet.Broker.Cluster.Configs;
using Freshet.Broker.Cluster.Topics;
using Freshet.Broker.Connections;
using Freshet.Broker.Fetching;
using Freshet.Broker.Groups;
using Freshet.Broker.Groups.Settings;
using Freshet.Broker.Groups.Storage;
using Freshet.Broker.InProcess;
using Freshet.Broker.Logging;
using Freshet.Broker.Monitoring;
using Freshet.Broker.Partitions;
using Freshet.Broker.Partitions.Upkeep;
using Freshet.Broker.Quotas;
using Freshet.Broker.Requests;
using Freshet.Broker.Requests.Access;
using Freshet.Broker.Requests.Authentication;
using Freshet.Broker.Requests.Cluster;
using Freshet.Broker.Requests.Configs;
using Freshet.Broker.Requests.Groups;
using Freshet.Broker.Requests.Quotas;
using Freshet.Broker.Requests.Records;
using Freshet.Broker.Requests.Telemetry;
using Freshet.Broker.Requests.Topics;
using Freshet.Broker.Requests.Transactions;
using Freshet.Broker.Telemetry;
using Freshet.Broker.Transactions;
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
    private readonly Stack<IAsyncDisposable> _parts = new();
    private ConnectionLimits? _limits;
    private ConnectionRates? _rates;
    private ListenerAccess? _access;
    private ClientQuotas? _quotas;
    private RequestDispatcher? _dispatcher;

    private BrokerService(BrokerOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _authorizer = new Authorizer(options.Authorizer, logger);
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
            await broker.StartPartsAsync(coordination, adjustable, cancellation).ConfigureAwait(false);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The broker as its own process sees it.</summary>
    public InProcessBroker InProcess { get; private set; } = null!;

    /// <summary>Serves one client connection until it closes.</summary>
    /// <param name="listener">One of the broker's own, where the connection came in.</param>
    public async Task ServeAsync(ConnectionContext connection, BrokerListener listener)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(listener);
        var remote = connection.RemoteEndPoint as IPEndPoint;
        var peer = new Peer(listener, remote?.Address, _access!.Begin) { Port = remote?.Port ?? 0 };
        using ConnectionLimits.Place? place = _limits!.TryTake(peer);
        if (place is null)
        {
            BrokerLog.TooManyConnections(_logger, peer.Host, listener.Name);
            return;
        }

        if (_rates!.Take(listener) is var turn && turn > TimeSpan.Zero)
        {
            await Task.Delay(turn, _time, connection.ConnectionClosed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (_quotas!.OfConnection(peer.Host) is var wait && wait > TimeSpan.Zero)
        {
            // Closed only later: a client that is closed at once comes back at once.
            await Task.Delay(wait, _time, connection.ConnectionClosed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        else if (TryName(connection, peer))
        {
            await new ClientConnection(connection, peer, _dispatcher!, _authorizer, _quotas, _options, _time, _logger).ServeAsync(_stopping.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Ends all connections, then stores what is left to store.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        while (_parts.TryPop(out IAsyncDisposable? part))
        {
            await part.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Names a client of a listener with TLS by its certificate; false when no rule fits it.</summary>
    private bool TryName(ConnectionContext connection, Peer peer)
    {
        if (peer.Listener.Protocol != SecurityProtocol.Ssl)
        {
            return true;
        }

        if (_access!.CertificatesOf(peer.Listener).Of(connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate) is not { } principal)
        {
            BrokerLog.UnmappedCertificate(_logger, peer.Host, peer.Listener.Name);
            return false;
        }

        peer.Principal = principal;
        return true;
    }

    private async ValueTask StartPartsAsync(Task<CoordinationClient> coordination, AdjustableLoggers loggers, CancellationToken cancellation)
    {
        BrokerOptionsRules.Check(_options);
        BrokerSettingNames.Check(_options.TopicDefaults);
        BrokerDirectory folder = Own(BrokerDirectory.Open(_options.DataDirectory));
        PartitionRegistry partitions = Own(PartitionRegistry.Open(_options.DataDirectory, PartitionOptions.Of(_options), loggers, _time, UpkeepOptions.Of(_options)));
        var store = new ClusterStore(await coordination.ConfigureAwait(false), _logger);
        ClusterState cluster = Own(new ClusterState(store, partitions, _options, _logger));
        ClusterSession session = Own(new ClusterSession(
            store, new BrokerRegistration(store, _options, folder.Incarnation, _time, _logger), cluster, _options, _time, _logger));
        EntityConfigs entities = Own(new EntityConfigs(store, _time, _logger));
        AclStore? rules = _authorizer.IsOn ? Own(new AclStore(store, _authorizer, _time, _logger)) : null;
        // Everything is asked for at once, and what serves requests is built while the answers come.
        Task known = Task.WhenAll(
            session.StartAsync(cancellation).AsTask(), entities.StartAsync(cancellation), rules?.StartAsync(cancellation) ?? Task.CompletedTask);
        (GroupCoordinator Groups, TransactionCoordinator Transactions) stored;
        try
        {
            stored = Build(partitions, store, cluster, session, entities, rules, loggers);
        }
        finally
        {
            await known.ConfigureAwait(false);
        }

        stored.Groups.Start();
        await stored.Transactions.StartAsync().ConfigureAwait(false);
    }

    /// <summary>Builds what serves requests; gives what reads the broker's own partitions before it serves.</summary>
    private (GroupCoordinator Groups, TransactionCoordinator Transactions) Build(
        PartitionRegistry partitions, ClusterStore store, ClusterState cluster, ClusterSession session, EntityConfigs entities, AclStore? rules, AdjustableLoggers loggers)
    {
        var groupSettings = new GroupSettings(_options, entities);
        GroupCoordinator groups = Own(new GroupCoordinator(_options, groupSettings, new GroupLog(() => cluster.View, partitions, _options.BrokerId, _time, _logger), _time, _logger));
        var producerIds = new ProducerIds(store, _options.BrokerId);
        var markers = new TransactionMarkers(partitions, groups, _logger);
        TransactionCoordinator transactions = Own(new TransactionCoordinator(
            _options, new TransactionLog(cluster, partitions, _options.BrokerId, _time, _logger), markers, producerIds, _time, _logger));
        var topics = new TopicAdmin(store, cluster, _options);
        var brokerLoggers = new BrokerLoggers(loggers);
        var configs = new ConfigAdmin(new ConfigStore(store), cluster, entities, brokerLoggers, _options);
        var figures = new BrokerFigures();
        BrokerMeter meter = Own(new BrokerMeter(this, partitions, cluster, groups, figures, _options.BrokerId));
        var subscriptions = new MetricsSubscriptions(entities);
        InProcess = new InProcessBroker(topics, cluster, partitions, groups, _time);
        _dispatcher = new RequestDispatcher(
        [
            new ProduceHandler(partitions, cluster, transactions, figures),
            new FetchHandler(new FetchReader(partitions, cluster, _options, _logger), new FetchSessions(_options, _time), _time, figures),
            new ListOffsetsHandler(partitions, _logger),
            new OffsetForLeaderEpochHandler(partitions),
            new MetadataHandler(cluster, topics, session, _options),
            new DescribeTopicPartitionsHandler(cluster, _options),
            new CreateTopicsHandler(topics),
            new CreatePartitionsHandler(topics),
            new DeleteTopicsHandler(topics, cluster, groups),
            new DeleteRecordsHandler(partitions, _logger),
            new DescribeLogDirsHandler(partitions, _options),
            new AlterReplicaLogDirsHandler(partitions, _options),
            new ElectLeadersHandler(cluster),
            new AlterPartitionReassignmentsHandler(cluster),
            new ListPartitionReassignmentsHandler(),
            new UpdateFeaturesHandler(),
            new UnregisterBrokerHandler(cluster),
            new DescribeConfigsHandler(cluster, groupSettings, subscriptions, brokerLoggers, _options),
            new AlterConfigsHandler(configs),
            new IncrementalAlterConfigsHandler(configs),
            new ListConfigResourcesHandler(cluster, groupSettings, subscriptions),
            new DescribeClusterHandler(cluster, session, _options.BrokerId),
            new InitProducerIdHandler(producerIds, transactions),
            new AddPartitionsToTxnHandler(transactions, partitions),
            new AddOffsetsToTxnHandler(transactions, groups, topics),
            new EndTxnHandler(transactions),
            new TxnOffsetCommitHandler(groups, transactions, cluster, _options, _time),
            new WriteTxnMarkersHandler(markers),
            new DescribeProducersHandler(partitions),
            new DescribeTransactionsHandler(transactions),
            new ListTransactionsHandler(transactions, _time),
            new FindCoordinatorHandler(cluster, topics),
            new JoinGroupHandler(groups),
            new SyncGroupHandler(groups),
            new HeartbeatHandler(groups),
            new LeaveGroupHandler(groups),
            new OffsetCommitHandler(groups, cluster, _options, _time),
            new OffsetFetchHandler(groups, cluster),
            new ListGroupsHandler(groups),
            new DescribeGroupsHandler(groups),
            new DeleteGroupsHandler(groups),
            new OffsetDeleteHandler(groups, cluster),
            new ConsumerGroupHeartbeatHandler(groups, cluster),
            new ConsumerGroupDescribeHandler(groups, cluster),
            .. BuildAccess(cluster, entities, rules, loggers),
            .. StartTelemetry(subscriptions, figures.Telemetry, meter),
        ])
        {
            Figures = figures,
            Log = loggers.CreateLogger(typeof(RequestDispatcher).Namespace!),
        };
        return (groups, transactions);
    }

    /// <summary>Builds what decides who clients are and what they may do; gives the handlers that administrate it.</summary>
    private RequestHandler[] BuildAccess(ClusterState cluster, EntityConfigs entities, AclStore? rules, AdjustableLoggers loggers)
    {
        var credentials = new ScramCredentials(entities);
        _access = Own(new ListenerAccess(_options, credentials.Find, _time, _logger));
        _limits = new ConnectionLimits(() => cluster.Connections, _options);
        _rates = new ConnectionRates(() => cluster.Connections, _time);
        _quotas = new ClientQuotas(new QuotaTable(entities), _time);
        return
        [
            new SaslHandshakeHandler(),
            new SaslAuthenticateHandler(),
            new DescribeUserScramCredentialsHandler(credentials),
            new AlterUserScramCredentialsHandler(credentials, _logger),
            new DescribeAclsHandler(_authorizer),
            new CreateAclsHandler(_authorizer, rules, _logger),
            new DeleteAclsHandler(_authorizer, rules, _logger),
            new DescribeClientQuotasHandler(entities),
            new AlterClientQuotasHandler(entities, _logger),
            .. DelegationTokenHandler.All,
        ];
    }

    /// <summary>Starts to take clients' metrics when there is somebody to hand them to; gives the handlers.</summary>
    private RequestHandler[] StartTelemetry(MetricsSubscriptions subscriptions, TelemetryFigures figures, BrokerMeter meter)
    {
        Action<ClientTelemetry>? receive = _options.ClientTelemetryReceiver;
        if (_options.ClientTelemetryEndpoint is { } collector)
        {
            receive += Own(new TelemetryForwarder(collector, _options.BrokerId, figures, _time, _logger)).Forward;
        }

        if (receive is null)
        {
            return [];
        }

        var clients = new TelemetryClients(subscriptions, _time);
        meter.AddTelemetry(() => clients.Count);
        return [new GetTelemetrySubscriptionsHandler(clients, figures, _options), new PushTelemetryHandler(clients, receive, figures, _options, _logger)];
    }

    private T Own<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }
}
