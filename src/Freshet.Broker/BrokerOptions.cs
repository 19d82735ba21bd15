using System.Net;
using Freshet.Broker.Cluster.Configs;
using Freshet.Coordination.Client;
using Freshet.Storage.Records;

namespace Freshet.Broker;

/// <summary>Settings of one broker.</summary>
public sealed class BrokerOptions
{
    /// <summary>Folder of the partitions; created when missing.</summary>
    public required string DataDirectory { get; set; }

    /// <summary>Number of this broker in the cluster.</summary>
    public int BrokerId { get; set; } = 1;

    /// <summary>Where clients reach the broker; at least one, each with its own name.</summary>
    public IReadOnlyList<BrokerListener> Listeners { get; set; } = [new(BrokerListener.DefaultName, SecurityProtocol.Plaintext, "127.0.0.1", 9092)];

    /// <summary>
    /// Opens a new session with the coordination service when the first one has expired, so that the broker can register again.
    /// Null means that the broker then goes on with what it knows, invisible to others, until it is restarted.
    /// </summary>
    public Func<CancellationToken, ValueTask<CoordinationClient>>? ReopenCoordination { get; set; }

    /// <summary>
    /// How clients are named by their certificates on listeners with TLS and without SASL: Kafka's ssl.principal.mapping.rules.
    /// <c>DEFAULT</c> is the whole subject, such as <c>CN=app,O=Example</c>. A client whose subject no rule fits is let in nowhere.
    /// </summary>
    public string CertificatePrincipalRules { get; set; } = "DEFAULT";

    /// <summary>How clients say who they are on listeners with SASL.</summary>
    public SaslOptions Sasl { get; set; } = new();

    /// <summary>What holds for one listener only, by its name in any case. A name without a listener has no effect.</summary>
    public IDictionary<string, ListenerOptions> PerListener { get; } = new Dictionary<string, ListenerOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Who may do what.</summary>
    public AuthorizerOptions Authorizer { get; set; } = new();

    /// <summary>
    /// What holds for topics that do not set it themselves, under Kafka's names on the broker, such as <c>log.retention.hours</c> or
    /// <c>message.max.bytes</c>. What is not there has Kafka's default; an admin client may change it while the broker runs.
    /// </summary>
    public Dictionary<string, string> TopicDefaults { get; } = [];

    /// <summary>Whether <see cref="TopicDefaults"/> may have a setting of this name.</summary>
    public static bool IsTopicDefault(string name) => BrokerSettingNames.Find(name) is not null;

    /// <summary>What is wrong with a value for <see cref="TopicDefaults"/>; null when it is fine.</summary>
    public static string? ProblemOfTopicDefault(string name, string value) => BrokerSettingNames.Problem(name, value);

    /// <summary>Whether closed segments and what is written at a stop are forced to disk. Only data that is thrown away can do without.</summary>
    public bool ForceSync { get; set; } = true;

    /// <summary>
    /// Most bytes that the records of one batch may have once decompressed: what a small batch may claim of memory while it is
    /// appended. The default is far above what producers put into a batch.
    /// </summary>
    public int MaxDecompressedBatchBytes { get; set; } = RecordCodec.DefaultMaxBytes;

    /// <summary>How often partitions drop what retention no longer keeps (log.retention.check.interval.ms). Kafka's own default.</summary>
    public TimeSpan RetentionCheckInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often it is looked whether a partition is to be compacted (log.cleaner.backoff.ms). Kafka's own default.</summary>
    public TimeSpan CompactionInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Memory in bytes for the keys of the partition that is being compacted (log.cleaner.dedupe.buffer.size), taken as it is needed;
    /// one with more keys takes several runs. Kafka's own default, 128 MiB.
    /// </summary>
    public long CompactionMapBytes { get; set; } = 128 * 1024 * 1024;

    /// <summary>Most bytes per second that compaction reads (log.cleaner.io.max.bytes.per.second); null sets no limit, as in Kafka.</summary>
    public long? CompactionBytesPerSecond { get; set; }

    /// <summary>Partitions of a topic created without a count.</summary>
    public int DefaultPartitions { get; set; } = 1;

    /// <summary>Whether asking for a missing topic creates it.</summary>
    public bool AutoCreateTopics { get; set; } = true;

    /// <summary>Most partitions of one topic: each is a folder with open files, and a request could ask for billions.</summary>
    public int MaxPartitionsPerTopic { get; set; } = 10_000;

    /// <summary>Largest Produce request in bytes; a connection that announces more is closed. Kafka's own default, 100 MiB.</summary>
    public int MaxProduceRequestBytes { get; set; } = 100 * 1024 * 1024;

    /// <summary>Largest request of another kind in bytes. They carry names and group assignments, which are far smaller than records.</summary>
    public int MaxRequestBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// Most bytes of records in one Fetch answer, whatever the client asks for (fetch.max.bytes): what it may take of the broker's
    /// memory. Kafka's own default, 55 MiB.
    /// </summary>
    public int MaxFetchBytes { get; set; } = 55 * 1024 * 1024;

    /// <summary>
    /// Most bytes of records read from files ahead of a connection that takes them: what a client that reads slowly holds of the broker's
    /// memory. 512 KiB: with a quarter of it a fast client costs half as much CPU time again.
    /// </summary>
    public int MaxFetchAheadBytes { get; set; } = 512 * 1024;

    /// <summary>Most fetch sessions at a time (max.incremental.fetch.session.cache.slots); clients beyond do without. Kafka's own default.</summary>
    public int MaxFetchSessions { get; set; } = 1000;

    /// <summary>Most partitions in all fetch sessions together, about 200 bytes of memory each: a bound that sessions alone do not give.</summary>
    public int MaxFetchSessionPartitions { get; set; } = 250_000;

    /// <summary>Time after which a fetch session makes way for another when there is no room. Kafka's own default.</summary>
    public TimeSpan FetchSessionIdle { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Most partitions described at once (max.request.partition.size.limit). Kafka's own default.</summary>
    public int MaxDescribedPartitions { get; set; } = 2000;

    /// <summary>Time without a request after which a connection is closed. Kafka's own default.</summary>
    public TimeSpan MaxConnectionIdle { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Most connections at one time; those beyond are closed. No limit by default, as in Kafka.</summary>
    public int MaxConnections { get; set; } = int.MaxValue;

    /// <summary>
    /// Most new connections per second, as in the last ten seconds (max.connection.creation.rate); those beyond wait, within
    /// <see cref="MaxConnections"/>. No limit by default, as in Kafka.
    /// </summary>
    public int MaxConnectionCreationRate { get; set; } = int.MaxValue;

    /// <summary>Most connections from one address at one time. No limit by default, as in Kafka.</summary>
    public int MaxConnectionsPerAddress { get; set; } = int.MaxValue;

    /// <summary>Most connections from certain addresses, in place of <see cref="MaxConnectionsPerAddress"/>.</summary>
    public IDictionary<IPAddress, int> MaxConnectionsByAddress { get; } = new Dictionary<IPAddress, int>();

    /// <summary>Partitions of the topic that keeps groups and their offsets, when it is first created. Kafka's own default.</summary>
    public int OffsetsPartitions { get; set; } = 50;

    /// <summary>
    /// Time that the first rebalance of an empty group waits for more members. Kafka waits 3 seconds, to spare a large group
    /// a series of rebalances when it starts; the default here is not to wait, because a small group should start at once.
    /// </summary>
    public TimeSpan GroupInitialRebalanceDelay { get; set; } = TimeSpan.Zero;

    /// <summary>Shortest session timeout that a group member may ask for. Kafka's own default.</summary>
    public TimeSpan GroupMinSessionTimeout { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>Longest session timeout that a group member may ask for. Kafka's own default.</summary>
    public TimeSpan GroupMaxSessionTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Time without a heartbeat after which a member of the consumer protocol (KIP-848) is taken for dead. Kafka's own default.</summary>
    public TimeSpan GroupConsumerSessionTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>
    /// Time between the heartbeats of such a member, as the broker tells it. Kafka's own default; a rebalance takes a few heartbeats, so a
    /// shorter one makes groups quicker and costs requests.
    /// </summary>
    public TimeSpan GroupConsumerHeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Shortest session timeout that a group may have of its own. Kafka's own default.</summary>
    public TimeSpan GroupConsumerMinSessionTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>Longest session timeout that a group may have of its own. Kafka's own default.</summary>
    public TimeSpan GroupConsumerMaxSessionTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Shortest time between heartbeats that a group may have of its own. Kafka's own default; shorter ones cost requests.</summary>
    public TimeSpan GroupConsumerMinHeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time between heartbeats that a group may have of its own. Kafka's own default; longer ones make rebalances slow.</summary>
    public TimeSpan GroupConsumerMaxHeartbeatInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether groups change between the classic and the consumer protocol while members are in them. Kafka's own default.</summary>
    public GroupMigrationPolicy GroupMigrationPolicy { get; set; } = GroupMigrationPolicy.Bidirectional;

    /// <summary>Most members of one group: each is kept in memory with its metadata and assignment.</summary>
    public int MaxGroupMembers { get; set; } = 10_000;

    /// <summary>Time for which offsets are kept once their group is empty, or nobody in it reads the topic any more. Kafka's own default.</summary>
    public TimeSpan OffsetsRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Time between two looks for offsets to forget, and for groups that have nothing left. Kafka's own default.</summary>
    public TimeSpan OffsetsRetentionCheckInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Most bytes of the note that a client may store with an offset. Kafka's own default.</summary>
    public int MaxOffsetMetadataBytes { get; set; } = 4096;

    /// <summary>
    /// Time after which a partition forgets an idempotent producer that sends nothing (producer.id.expiration.ms), looked at with
    /// <see cref="RetentionCheckInterval"/>; until then it knows its repetitions. Kafka's own default.
    /// </summary>
    public TimeSpan ProducerIdExpiration { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Partitions of the topic that keeps transactions, when it is first created. Kafka's own default.</summary>
    public int TransactionPartitions { get; set; } = 50;

    /// <summary>Longest transaction that a producer may ask for. Kafka's own default.</summary>
    public TimeSpan TransactionMaxTimeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Time after which an unused transactional id is forgotten. Kafka's own default.</summary>
    public TimeSpan TransactionalIdExpiration { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How often transactions are looked through for those that take too long. Kafka's own default; readers of committed data wait
    /// at most this much longer than a transaction's timeout for a producer that has died.
    /// </summary>
    public TimeSpan TransactionSweepInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Receives what clients measure of themselves (KIP-714), as operators ask of them by subscriptions. Called on the thread that serves the client,
    /// whose requests wait meanwhile; an exception makes Kafka's Java client push no more. Without it and <see cref="ClientTelemetryEndpoint"/> the
    /// broker does not offer to take metrics, as Kafka does without a plug-in for them.
    /// </summary>
    public Action<ClientTelemetry>? ClientTelemetryReceiver { get; set; }

    /// <summary>
    /// OpenTelemetry collector that clients' metrics are sent to, such as <c>http://127.0.0.1:4318</c> (OTLP over HTTP). It is told of each client's
    /// instance id, client id, software, address, principal and broker. Null, the default, for none.
    /// </summary>
    public Uri? ClientTelemetryEndpoint { get; set; }

    /// <summary>Most bytes of one push of a client's metrics, compressed or not (telemetry.max.bytes). Kafka's own default, 1 MiB.</summary>
    public int MaxClientTelemetryBytes { get; set; } = 1024 * 1024;
}
