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
using Microsoft.Extensions.Logging;

namespace Freshet.Broker;

/// <summary>What a broker is made of: builds the parts, starts them, and stops them the other way round.</summary>
/// <param name="service">The scope of its meter.</param>
internal sealed class BrokerParts(BrokerService service, BrokerOptions options, Authorizer authorizer, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _started = new();

    public ConnectionLimits Limits { get; private set; } = null!;

    public ConnectionRates Rates { get; private set; } = null!;

    public ListenerAccess Access { get; private set; } = null!;

    public ClientQuotas Quotas { get; private set; } = null!;

    public RequestDispatcher Dispatcher { get; private set; } = null!;

    public InProcessBroker InProcess { get; private set; } = null!;

    public async ValueTask StartAsync(Task<CoordinationClient> coordination, AdjustableLoggers loggers, CancellationToken cancellation)
    {
        BrokerOptionsRules.Check(options);
        BrokerSettingNames.Check(options.TopicDefaults);
        BrokerDirectory folder = Own(BrokerDirectory.Open(options.DataDirectory));
        PartitionRegistry partitions = Own(PartitionRegistry.Open(options.DataDirectory, PartitionOptions.Of(options), loggers, time, UpkeepOptions.Of(options)));
        var store = new ClusterStore(await coordination.ConfigureAwait(false), logger);
        ClusterState cluster = Own(new ClusterState(store, partitions, options, logger));
        ClusterSession session = Own(new ClusterSession(
            store, new BrokerRegistration(store, options, folder.Incarnation, time, logger), cluster, options, time, logger));
        EntityConfigs entities = Own(new EntityConfigs(store, time, logger));
        AclStore? rules = authorizer.IsOn ? Own(new AclStore(store, authorizer, time, logger)) : null;
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

    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out IAsyncDisposable? part))
        {
            await part.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Builds what serves requests; gives what reads the broker's own partitions before it serves.</summary>
    private (GroupCoordinator Groups, TransactionCoordinator Transactions) Build(
        PartitionRegistry partitions, ClusterStore store, ClusterState cluster, ClusterSession session, EntityConfigs entities, AclStore? rules, AdjustableLoggers loggers)
    {
        var groupSettings = new GroupSettings(options, entities);
        GroupCoordinator groups = Own(new GroupCoordinator(options, groupSettings, new GroupLog(() => cluster.View, partitions, options.BrokerId, time, logger), time, logger));
        var producerIds = new ProducerIds(store, options.BrokerId);
        var markers = new TransactionMarkers(partitions, groups, logger);
        TransactionCoordinator transactions = Own(new TransactionCoordinator(
            options, new TransactionLog(cluster, partitions, options.BrokerId, time, logger), markers, producerIds, time, logger));
        var topics = new TopicAdmin(store, cluster, options);
        var brokerLoggers = new BrokerLoggers(loggers);
        var configs = new ConfigAdmin(new ConfigStore(store), cluster, entities, brokerLoggers, options);
        var figures = new BrokerFigures();
        BrokerMeter meter = Own(new BrokerMeter(service, partitions, cluster, groups, figures, options.BrokerId));
        var subscriptions = new MetricsSubscriptions(entities);
        InProcess = new InProcessBroker(topics, cluster, partitions, groups, time);
        Dispatcher = new RequestDispatcher(
        [
            new ProduceHandler(partitions, cluster, transactions, figures),
            new FetchHandler(new FetchReader(partitions, cluster, options, logger), new FetchSessions(options, time), time, figures),
            new ListOffsetsHandler(partitions, logger),
            new OffsetForLeaderEpochHandler(partitions),
            new MetadataHandler(cluster, topics, session, options),
            new DescribeTopicPartitionsHandler(cluster, options),
            new CreateTopicsHandler(topics),
            new CreatePartitionsHandler(topics),
            new DeleteTopicsHandler(topics, cluster, groups),
            new DeleteRecordsHandler(partitions, logger),
            new DescribeLogDirsHandler(partitions, options),
            new AlterReplicaLogDirsHandler(partitions, options),
            new ElectLeadersHandler(cluster),
            new AlterPartitionReassignmentsHandler(cluster),
            new ListPartitionReassignmentsHandler(),
            new UpdateFeaturesHandler(),
            new UnregisterBrokerHandler(cluster),
            new DescribeConfigsHandler(cluster, groupSettings, subscriptions, brokerLoggers, options),
            new AlterConfigsHandler(configs),
            new IncrementalAlterConfigsHandler(configs),
            new ListConfigResourcesHandler(cluster, groupSettings, subscriptions),
            new DescribeClusterHandler(cluster, session, options.BrokerId),
            new InitProducerIdHandler(producerIds, transactions),
            new AddPartitionsToTxnHandler(transactions, partitions),
            new AddOffsetsToTxnHandler(transactions, groups, topics),
            new EndTxnHandler(transactions),
            new TxnOffsetCommitHandler(groups, transactions, cluster, options, time),
            new WriteTxnMarkersHandler(markers),
            new DescribeProducersHandler(partitions),
            new DescribeTransactionsHandler(transactions),
            new ListTransactionsHandler(transactions, time),
            new FindCoordinatorHandler(cluster, topics),
            new JoinGroupHandler(groups),
            new SyncGroupHandler(groups),
            new HeartbeatHandler(groups),
            new LeaveGroupHandler(groups),
            new OffsetCommitHandler(groups, cluster, options, time),
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
        Access = Own(new ListenerAccess(options, credentials.Find, time, logger));
        Limits = new ConnectionLimits(() => cluster.Connections, options);
        Rates = new ConnectionRates(() => cluster.Connections, time);
        Quotas = new ClientQuotas(new QuotaTable(entities), time);
        return
        [
            new SaslHandshakeHandler(),
            new SaslAuthenticateHandler(),
            new DescribeUserScramCredentialsHandler(credentials),
            new AlterUserScramCredentialsHandler(credentials, logger),
            new DescribeAclsHandler(authorizer),
            new CreateAclsHandler(authorizer, rules, logger),
            new DeleteAclsHandler(authorizer, rules, logger),
            new DescribeClientQuotasHandler(entities),
            new AlterClientQuotasHandler(entities, logger),
            .. DelegationTokenHandler.All,
        ];
    }

    /// <summary>Starts to take clients' metrics when there is somebody to hand them to; gives the handlers.</summary>
    private RequestHandler[] StartTelemetry(MetricsSubscriptions subscriptions, TelemetryFigures figures, BrokerMeter meter)
    {
        Action<ClientTelemetry>? receive = options.ClientTelemetryReceiver;
        if (options.ClientTelemetryEndpoint is { } collector)
        {
            receive += Own(new TelemetryForwarder(collector, options.BrokerId, figures, time, logger)).Forward;
        }

        if (receive is null)
        {
            return [];
        }

        var clients = new TelemetryClients(subscriptions, time);
        meter.AddTelemetry(() => clients.Count);
        return [new GetTelemetrySubscriptionsHandler(clients, figures, options), new PushTelemetryHandler(clients, receive, figures, options, logger)];
    }

    private T Own<T>(T part)
        where T : IAsyncDisposable
    {
        _started.Push(part);
        return part;
    }
}
