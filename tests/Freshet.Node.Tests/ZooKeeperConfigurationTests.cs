using System.Net;
using System.Security.Cryptography;
using Freshet.Coordination;
using Freshet.Node.Configuration;
using Freshet.Tests.Support;

namespace Freshet.Node.Tests;

public sealed class ZooKeeperConfigurationTests : IDisposable
{
    /// <summary>The keys of Apache ZooKeeper's administration guide, but those with a number or a group in their names.</summary>
    public static TheoryData<string> ApacheKeys { get; } =
    [
        "dataDir", "dataLogDir", "clientPort", "clientPortAddress", "secureClientPort", "secureClientPortAddress", "tickTime", "clientPortListenBacklog", "maxClientCnxns", "maxCnxns", "minSessionTimeout", "maxSessionTimeout",
        "peerType", "initLimit", "syncLimit", "connectToLearnerMasterLimit", "electionAlg", "leaderServes", "observerMasterPort", "syncEnabled", "standaloneEnabled", "reconfigEnabled", "quorumListenOnAllIPs", "cnxTimeout", "quorumCnxnTimeoutMs", "oraclePath",
        "autopurge.snapRetainCount", "autopurge.purgeInterval", "snapshot.compression.method", "snapshot.trust.empty", "fsync.warningthresholdms", "forceSync", "skipACL", "digest.enabled", "extendedTypesEnabled",
        "znode.container.checkIntervalMs", "znode.container.maxPerMinute", "znode.container.maxNeverUsedIntervalMs", "localSessionsEnabled", "localSessionsUpgradingEnabled", "readonlymode.enabled",
        "DigestAuthenticationProvider.enabled", "DigestAuthenticationProvider.superDigest", "DigestAuthenticationProvider.digestAlg", "X509AuthenticationProvider.superUser", "superUser", "ssl.authProvider", "ensembleAuthName",
        "sessionRequireClientSASLAuth", "enforce.auth.enabled", "enforce.auth.schemes", "allowSaslFailedClients", "enableEagerACLCheck", "enforceQuota", "requireClientAuthScheme", "jaasLoginRenew",
        "ssl.keyStore.location", "ssl.keyStore.password", "ssl.keyStore.passwordPath", "ssl.keyStore.type", "ssl.trustStore.location", "ssl.trustStore.password", "ssl.trustStore.passwordPath", "ssl.trustStore.type",
        "ssl.protocol", "ssl.enabledProtocols", "ssl.ciphersuites", "ssl.clientAuth", "ssl.hostnameVerification", "ssl.clientHostnameVerification", "ssl.crl", "ssl.ocsp", "ssl.handshakeDetectionTimeoutMillis",
        "client.portUnification", "client.certReload", "sslQuorum", "portUnification", "sslQuorumReloadCertFiles", "fips-mode", "4lw.commands.whitelist",
        "admin.enableServer", "admin.serverAddress", "admin.serverPort", "admin.idleTimeout", "admin.commandURL", "admin.portUnification", "admin.forceHttps", "admin.needClientAuth", "admin.snapshot.enabled", "admin.restore.enabled", "admin.rateLimiterIntervalInMS",
        "metricsProvider.className", "metricsProvider.httpPort", "metricsProvider.httpHost", "audit.enable", "audit.impl.class", "serverCnxnFactory", "tcpKeepAlive", "clientTcpKeepAlive", "datadir.autocreate", "db.autocreate",
        "jute.maxbuffer", "jute.maxbuffer.extrasize", "globalOutstandingLimit", "connectionMaxTokens", "connectionTokenFillTime", "connectionTokenFillCount", "connectionFreezeTime", "connectionDropIncrease", "connectionDropDecrease", "connectionDecreaseRatio",
        "requestThrottleLimit", "requestThrottleStallTime", "requestThrottleDropStale", "throttledOpWaitTime", "largeRequestThreshold", "largeRequestMaxBytes", "maxBatchSize", "flushDelay", "maxWriteQueuePollTime",
        "snapCount", "snapSizeLimitInKb", "preAllocSize", "commitLogCount", "maxResponseCacheSize", "maxGetChildrenResponseCacheSize", "outstandingHandshake.limit",
    ];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_keys_of_a_usual_file_set_what_they_name()
    {
        ZooKeeperConfiguration file = Read(
            "# sample", "tickTime=1500", "initLimit=10", "syncLimit=5", $"dataDir={_folder.Path}/data", $"dataLogDir = {_folder.Path}/log", "clientPort: 2199",
            "clientPortAddress=127.0.0.2", "forceSync=no", "snapCount=5000", "jute.maxbuffer=0x200000", "autopurge.snapRetainCount=5",
            "4lw.commands.whitelist=ruok, mntr", "maxClientCnxns=7", "minSessionTimeout=1000", "maxSessionTimeout=-1", "enforceQuota=yes");
        Assert.Contains("lost when the machine stops", Assert.Single(file.Warnings), StringComparison.Ordinal);
        Assert.Equal($"{_folder.Path}/data", file.Options.DataDirectory);
        Assert.Equal(2199, file.Options.CoordinationPort);
        Assert.Equal(IPAddress.Parse("127.0.0.2"), file.Options.Address);
        Assert.False(file.Options.Broker);
        CoordinationOptions server = Settings(file);
        Assert.Equal(TimeSpan.FromMilliseconds(1500), server.TickTime);
        Assert.Equal($"{_folder.Path}/log/coordination", server.JournalDirectory);
        Assert.False(server.ForceSync);
        Assert.Equal(5000, server.SnapshotAfterTransactions);
        Assert.Equal(0x200000, server.MaxRequestBytes);
        Assert.Equal(5, server.SnapshotsKept);
        Assert.Equal(["ruok", "mntr"], server.FourLetterWords);
        Assert.Equal(7, server.MaxConnectionsPerAddress);
        Assert.Equal((TimeSpan.FromSeconds(1), null), (server.MinSessionTimeout, server.MaxSessionTimeout));
        Assert.True(server.EnforceQuota);
    }

    [Fact]
    public void What_a_file_leaves_out_is_as_in_ZooKeeper_but_open_to_this_machine_only()
    {
        ZooKeeperConfiguration file = Read("dataDir=data", "clientPort=2181");
        Assert.Equal(TimeSpan.FromSeconds(3), Settings(file).TickTime);
        Assert.True(Settings(file).ForceSync);
        Assert.Equal(IPAddress.Loopback, file.Options.Address);
        Assert.Contains("clientPortAddress", Assert.Single(file.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("frobnicate=1", "not known")]
    [InlineData("electionAlg=3", "ensemble")]
    [InlineData("preAllocSize=65536", "own way")]
    [InlineData("autopurge.purgeInterval=0", "disk fills up")]
    [InlineData("autopurge.snapRetainCount=1", "least")]
    [InlineData("requireClientAuthScheme=sasl", "sessionRequireClientSASLAuth")]
    [InlineData("authProvider.2=example.Own", "does not have")]
    public void A_line_without_its_usual_effect_is_named(string line, string reason)
    {
        string warning = Assert.Single(Read("clientPort=1", "clientPortAddress=localhost", line).Warnings);
        Assert.Contains("zoo.cfg, line 3: " + line.Split('=')[0], warning, StringComparison.Ordinal);
        Assert.Contains(reason, warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Admin_pages_are_off_until_switched_on()
    {
        Assert.Null(Read("clientPort=1", "admin.serverPort=8081").Options.HttpPort);
        FreshetNodeOptions on = Read("clientPort=1", "clientPortAddress=0.0.0.0", "admin.enableServer=true").Options;
        Assert.Equal((8080, IPAddress.Loopback), (on.HttpPort, on.HttpAddress));
        Assert.Equal(IPAddress.Any, Read("clientPort=1", "admin.enableServer=true", "admin.serverAddress=0.0.0.0").Options.HttpAddress);
    }

    [Fact]
    public void Authentication_is_required_as_the_file_says()
    {
        Assert.Empty(Settings(Read("clientPort=1", "enforce.auth.schemes=digest")).RequiredAuthenticationSchemes);
        Assert.Equal(["digest", "x509"], Settings(Read("clientPort=1", "enforce.auth.enabled=true", "enforce.auth.schemes=digest,x509")).RequiredAuthenticationSchemes);
        Assert.Equal(["sasl"], Settings(Read("clientPort=1", "sessionRequireClientSASLAuth=true")).RequiredAuthenticationSchemes);
        Assert.Throws<InvalidDataException>(() => Read("clientPort=1", "enforce.auth.enabled=true"));
    }

    [Fact]
    public void Sasl_users_and_super_users_are_where_the_file_says()
    {
        const string Provider = "authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider";
        ZooKeeperConfiguration file = Read(
            "clientPort=1", "clientPortAddress=127.0.0.1", Provider, "java.security.auth.login.config=/etc/jaas.conf", "sasl.serverconfig=Ours", "superUser=ann",
            "superUser.2=bob", "SASLAuthenticationProvider.superPassword=secret", "authProvider.x509=org.apache.zookeeper.server.auth.X509AuthenticationProvider");
        Assert.Empty(file.Warnings);
        CoordinationOptions server = Settings(file);
        Assert.Equal(("/etc/jaas.conf", "Ours"), (server.JaasFile, server.JaasSection));
        Assert.Equal(["ann", "bob"], server.SaslSuperUsers);
        Assert.Equal("secret", server.SaslUsers["super"]);
        Assert.Contains("--jaas", Assert.Single(Read("clientPort=1", "clientPortAddress=127.0.0.1", Provider).Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_are_served_when_the_file_names_Prometheus()
    {
        const string Provider = "metricsProvider.className=org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider";
        Assert.Equal(7000, Read("clientPort=1", Provider).Options.MetricsPort);
        Assert.Equal(7001, Read("clientPort=1", "metricsProvider.httpPort=7001", Provider).Options.MetricsPort);
        Assert.Null(Read("clientPort=1", "metricsProvider.httpPort=7001").Options.MetricsPort);
        Assert.Null(Read("clientPort=1", "metricsProvider.className=example.Other").Options.MetricsPort);
    }

    [Fact]
    public void Security_and_disk_are_as_the_file_says()
    {
        ZooKeeperConfiguration file = Read(
            "clientPort=1", "clientPortAddress=127.0.0.1", $"dataDir={_folder.Path}", "datadir.autocreate=false", "DigestAuthenticationProvider.enabled=false",
            "DigestAuthenticationProvider.digestAlg=SHA-256", "skipACL=yes", "fsync.warningthresholdms=20", "digest.enabled=false", "readonlymode.enabled=true");
        Assert.Empty(file.Warnings);
        CoordinationOptions server = Settings(file);
        Assert.Equal((false, HashAlgorithmName.SHA256, true), (server.DigestAuthentication, server.DigestAlgorithm, server.SkipAcl));
        Assert.Equal((TimeSpan.FromMilliseconds(20), false), (server.SlowSyncThreshold, server.KeepTreeDigest));
        Assert.Equal(["srvr", "isro"], server.FourLetterWords);
        Assert.Equal(["ruok"], Settings(Read("clientPort=1", "readonlymode.enabled=true", "4lw.commands.whitelist=ruok")).FourLetterWords);
        Assert.Contains("mounted", Assert.Throws<InvalidDataException>(() => Read("dataDir=/no/such/folder", "datadir.autocreate=false")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ApacheKeys))]
    public void Every_key_of_ZooKeeper_is_known_and_documented(string key)
    {
        var line = new ConfigurationEntry("zoo.cfg", 1, key, "no");
        bool isKnown = ZooKeeperKeys.All.Contains(key) || KeysWithoutMeaning.All.Contains(key) || new SaslSettings().TryApply(line);
        Assert.True(isKnown || !KeysWithoutMeaning.Explain(line)!.Contains("not known", StringComparison.Ordinal));
        string page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "ops-coordination.md"));
        Assert.Contains(key, page, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_lines_with_one_key_the_last_counts()
    {
        ZooKeeperConfiguration file = Read("clientPort=1", "clientPortAddress=127.0.0.1", "clientPort=2");
        Assert.Equal(2, file.Options.CoordinationPort);
        Assert.Contains("line 1: clientPort: Line 3", Assert.Single(file.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clientPort=70000", "65535")]
    [InlineData("clientPort=", "whole number")]
    [InlineData("tickTime=soon", "whole number")]
    [InlineData("forceSync=perhaps", "yes or no")]
    [InlineData("clientPortAddress=no such host", "IP address")]
    [InlineData("dataDir=", "path")]
    [InlineData("autopurge.purgeInterval=often", "whole number")]
    [InlineData("server.1=zk1:2888:3888\nserver.2=zk2:2888:3888", "ensemble of 2")]
    [InlineData("server.x=zk1:2888:3888", "number of the server")]
    [InlineData("server.1=zk1", "host:peerPort:electionPort")]
    [InlineData("clientPort=2181\nserver.1=zk1:2888:3888:participant;2182", "client port 2181")]
    [InlineData("dynamicConfigFile=zoo.dynamic", "ensemble")]
    [InlineData("ssl.crl=true", "protection")]
    public void A_value_that_cannot_be_used_is_named_with_its_line(string lines, string whatToDo)
    {
        string[] all = lines.Split('\n');
        InvalidDataException wrong = Assert.Throws<InvalidDataException>(() => Read(["# first", .. all]));
        Assert.Contains($"zoo.cfg, line {1 + all.Length}: {all[^1].Split('=')[0]}:", wrong.Message, StringComparison.Ordinal);
        Assert.Contains(whatToDo, wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server.1=zk1:2888:3888;2182")]
    [InlineData("server.1=zk1:2888:3888|zk1b:2888:3888:participant;0.0.0.0:2182;0.0.0.0:2281")]
    public void One_server_line_may_name_the_client_port(string line) =>
        Assert.Equal(2182, Read(line).Options.CoordinationPort);

    [Theory]
    [InlineData("key=value", "key", "value")]
    [InlineData("  key : value  ", "key", "value")]
    [InlineData("key value", "key", "value")]
    [InlineData("key", "key", "")]
    [InlineData("a\\ b=c\\:\\u0041\\t!", "a b", "c:A\t!")]
    [InlineData("key=one,\\\n   two", "key", "one,two")]
    [InlineData("# no\n! no\n\nkey=C\\:\\\\zk", "key", "C:\\zk")]
    public void Properties_are_read_as_Java_reads_them(string text, string key, string value)
    {
        ConfigurationEntry entry = Assert.Single(JavaProperties.Read("file", new StringReader(text)));
        Assert.Equal((key, value), (entry.Key, entry.Value));
    }

    [Fact]
    public void A_password_is_not_in_the_error()
    {
        var line = new ConfigurationEntry("zoo.cfg", 1, "ssl.keyStore.password", "secret");
        Assert.DoesNotContain("secret", line.Wrong("Anything.").Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static CoordinationOptions Settings(ZooKeeperConfiguration file)
    {
        var server = new CoordinationOptions { DataDirectory = "unused" };
        file.Options.ConfigureCoordination!(server);
        return server;
    }

    private ZooKeeperConfiguration Read(params string[] lines)
    {
        string path = Path.Combine(_folder.Path, "zoo.cfg");
        File.WriteAllLines(path, lines);
        return ZooKeeperConfiguration.Read(path);
    }
}
