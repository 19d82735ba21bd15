using System.Security.Cryptography;
using Freshet.Coordination.Access;
using Freshet.Storage.Journal;

namespace Freshet.Coordination;

/// <summary>Settings of one coordination server, and all its limits.</summary>
public sealed class CoordinationOptions
{
    /// <summary>Folder of the snapshots and, unless <see cref="JournalDirectory"/> names another, the journal; created when missing.</summary>
    public required string DataDirectory { get; set; }

    /// <summary>Folder of the journal, best on a disk of its own; created when missing. Null, the default, keeps it with the snapshots.</summary>
    public string? JournalDirectory { get; set; }

    /// <summary>The server's own number, from 0 to 255, as shown to administrators. 0 is that of a server on its own.</summary>
    public int ServerId { get; set; }

    /// <summary>When true (the default) no write is acknowledged before it is on disk. False trades that for speed, as <c>forceSync=no</c> does.</summary>
    public bool ForceSync { get; set; } = true;

    /// <summary>Unit of session timing. A session expires up to one tick after its timeout.</summary>
    public TimeSpan TickTime { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Client port as shown to administrators; the server itself listens nowhere. -1, the default, for none.</summary>
    public int ClientPort { get; set; } = -1;

    /// <summary>Client port with TLS as shown to administrators. -1, the default, for none.</summary>
    public int SecureClientPort { get; set; } = -1;

    /// <summary>
    /// Version shown to administrators and clients. Clients parse it: it must begin with three plain numbers, and they choose what
    /// they may ask for by them. The default names the release whose protocol this server speaks.
    /// </summary>
    public string ReportedVersion { get; set; } = "3.9.4-freshet";

    /// <summary>
    /// Four-letter words that are answered; "*" stands for all. Only <c>srvr</c> by default, as in Apache ZooKeeper: the words ask for no
    /// permission, some show what clients do, and some cost as much as there are sessions or watches.
    /// </summary>
    public IReadOnlyCollection<string> FourLetterWords { get; set; } = ["srvr"];

    /// <summary>
    /// Longest answer of a four-letter word in bytes; what is more is cut off. Some list every session or watch. 8 MiB is more than anybody
    /// reads.
    /// </summary>
    public int MaxWordAnswerBytes { get; set; } = 8 << 20;

    /// <summary>
    /// Longest answer of an admin command in bytes; what is more is cut off, and the field <c>error</c> says so. It is sent as it is written, so
    /// 64 MiB cost no memory; they list some 500000 watches, and no more than as many references are held meanwhile.
    /// </summary>
    public int MaxAdminAnswerBytes { get; set; } = 64 << 20;

    /// <summary>Longest request in bytes, the frame's length not counted. 1048575 is Apache ZooKeeper's <c>jute.maxbuffer</c>, which clients assume.</summary>
    public int MaxRequestBytes { get; set; } = 1048575;

    /// <summary>Requests of one connection that may wait for an answer before no more are read from it. 1000 keeps any sensible pipeline full.</summary>
    public int MaxOutstandingRequests { get; set; } = 1000;

    /// <summary>Bytes of replies that may wait for a slow client before no more requests are read from it. 1 MiB is a few of the largest replies.</summary>
    public int MaxUnsentBytes { get; set; } = 1 << 20;

    /// <summary>
    /// Bytes of replies and watch events at which a client that does not read is cut off: events must neither be dropped nor
    /// pile up. 64 MiB leaves room for the answers to everything it may have outstanding.
    /// </summary>
    public int MaxUnsentBytesBeforeClose { get; set; } = 64 << 20;

    /// <summary>Bytes of transactions on their way to disk at which no more requests are read. 64 MiB is seconds of work for a slow disk.</summary>
    public long MaxPendingJournalBytes { get; set; } = 64 << 20;

    /// <summary>How long a new connection may take until its session request is complete. 10 seconds is ample on any network.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Least session timeout that a client gets. Null, the default, is 2 ticks as in Apache ZooKeeper: less would expire healthy clients.</summary>
    public TimeSpan? MinSessionTimeout { get; set; }

    /// <summary>Most session timeout that a client gets. Null, the default, is 20 ticks as in Apache ZooKeeper: locks of dead clients last that long.</summary>
    public TimeSpan? MaxSessionTimeout { get; set; }

    /// <summary>
    /// Changes remembered for clients of Freshet's own that were away, so that their persistent watches miss nothing; 0 for none. 32768
    /// are a minute of 500 writes a second, more than most reconnects take, and at most 2 MiB besides their paths.
    /// </summary>
    public int MaxEventHistory { get; set; } = 32_768;

    /// <summary>Bytes of the paths of those changes; the oldest go first. 4 MiB fits 32768 paths of 64 characters.</summary>
    public long MaxEventHistoryBytes { get; set; } = 4 << 20;

    /// <summary>
    /// Connections that one client address may have at once; 0 for any number. 60 is Apache ZooKeeper's <c>maxClientCnxns</c>: one
    /// faulty machine must not use up the server. Connections within the process do not count.
    /// </summary>
    public int MaxConnectionsPerAddress { get; set; } = 60;

    /// <summary>Connections that there may be in all; 0, the default as in Apache ZooKeeper's <c>maxCnxns</c>, for any number: the limit of open files holds anyway.</summary>
    public int MaxConnections { get; set; }

    /// <summary>
    /// Digest identity (<c>super:base64(SHA1(super:password))</c>) that passes every access list, to repair what nobody else can. Null,
    /// the default, for none.
    /// </summary>
    public string? SuperDigest { get; set; }

    /// <summary>Whether the scheme <c>digest</c> is there (the default), as Apache ZooKeeper's <c>DigestAuthenticationProvider.enabled</c>.</summary>
    public bool DigestAuthentication { get; set; } = true;

    /// <summary>
    /// Hash of the scheme <c>digest</c>. SHA-1, the default, is what clients compute identities with; another one, as Apache ZooKeeper's
    /// <c>DigestAuthenticationProvider.digestAlg</c>, makes identities given before worthless.
    /// </summary>
    public HashAlgorithmName DigestAlgorithm { get; set; } = HashAlgorithmName.SHA1;

    /// <summary>Whether access lists are kept but ask for nothing, as Apache ZooKeeper's <c>skipACL</c>: everyone may do everything. False by default.</summary>
    public bool SkipAcl { get; set; }

    /// <summary>A forced write to disk that takes as long is logged. One second, as Apache ZooKeeper's <c>fsync.warningthresholdms</c>: sessions feel it.</summary>
    public TimeSpan SlowSyncThreshold { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Passwords by user for SASL with DIGEST-MD5. None, the default, switches SASL off: the mechanism is weak and here for clients that
    /// know no other.
    /// </summary>
    public IReadOnlyDictionary<string, string> SaslUsers { get; set; } = new Dictionary<string, string>();

    /// <summary>
    /// JAAS file of an Apache ZooKeeper server, whose section <see cref="JaasSection"/> has lines <c>user_NAME="password"</c>: read at the start, and
    /// joined with <see cref="SaslUsers"/>. Null, the default, for none.
    /// </summary>
    public string? JaasFile { get; set; }

    /// <summary>The section of <see cref="JaasFile"/> with the users, as Apache ZooKeeper's <c>sasl.serverconfig</c>.</summary>
    public string JaasSection { get; set; } = "Server";

    /// <summary>SASL users that pass every access list, as Apache ZooKeeper's <c>superUser</c>. None by default.</summary>
    public IReadOnlyCollection<string> SaslSuperUsers { get; set; } = [];

    /// <summary>
    /// Subject of the client certificate that passes every access list, as text after RFC 2253 (<c>CN=admin,O=Acme</c>), as Apache
    /// ZooKeeper's <c>X509AuthenticationProvider.superUser</c>. Null, the default, for none.
    /// </summary>
    public string? X509SuperUser { get; set; }

    /// <summary>
    /// Schemes of which a client must have proved an identity before it may do anything else; others are answered
    /// <c>SessionClosedRequireSaslAuth</c> and closed. Empty, the default, admits everybody. Connections within the process are exempt.
    /// </summary>
    public IReadOnlyCollection<string> RequiredAuthenticationSchemes { get; set; } = [];

    /// <summary>Further authentication schemes; one of the name of a built-in scheme takes its place.</summary>
    public IReadOnlyCollection<IAuthenticationProvider> AuthenticationProviders { get; set; } = [];

    /// <summary>
    /// How often containers and TTL znodes are checked for removal; zero never does. 60 seconds is Apache ZooKeeper's
    /// <c>znode.container.checkIntervalMs</c>: nobody waits for these znodes to go, and a check looks at all of them.
    /// </summary>
    public TimeSpan ContainerCheckInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Most containers and TTL znodes removed per minute, and by one check. 10000 is Apache ZooKeeper's
    /// <c>znode.container.maxPerMinute</c>: under 200 writes a second leave the disk to the clients.
    /// </summary>
    public int MaxContainerRemovalsPerMinute { get; set; } = 10_000;

    /// <summary>
    /// Age, counted from its last change, at which a container that never had a child is removed; zero, the default as in Apache
    /// ZooKeeper up to 3.9, keeps it: an application may create containers long before it fills them.
    /// </summary>
    public TimeSpan MaxNeverUsedInterval { get; set; }

    /// <summary>
    /// Whether hard quotas refuse writes with <c>QuotaExceeded</c>. False, the default as in Apache ZooKeeper, only logs them like soft
    /// ones: clients before 3.7 do not know the error.
    /// </summary>
    public bool EnforceQuota { get; set; }

    /// <summary>Least journal bytes between two snapshots. 64 MiB replays in about a second; a large tree waits until the journal has its size.</summary>
    public long SnapshotAfterBytes { get; set; } = 64 << 20;

    /// <summary>
    /// Transactions after which a snapshot is taken even if the journal is small. Unlimited by default: the journal's size, not
    /// their number, decides how long a recovery takes.
    /// </summary>
    public long SnapshotAfterTransactions { get; set; } = long.MaxValue;

    /// <summary>Snapshots kept; older ones and the journal files only they need are deleted. 3, as Apache ZooKeeper's purge keeps.</summary>
    public int SnapshotsKept { get; set; } = 3;

    /// <summary>
    /// Whether a digest of the tree is kept (the default): a few hashes a write, by which a recovery is checked and administrators compare
    /// servers. Apache ZooKeeper's <c>digest.enabled</c>.
    /// </summary>
    public bool KeepTreeDigest { get; set; } = true;

    /// <summary>How bytes get into the journal's files. Tests put faults here.</summary>
    internal JournalWrite JournalWrite { get; set; } = RandomAccess.Write;
}
