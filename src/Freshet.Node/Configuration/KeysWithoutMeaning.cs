namespace Freshet.Node.Configuration;

/// <summary>Keys of Apache ZooKeeper that Freshet knows and does nothing with, and those it must not pass over.</summary>
internal static class KeysWithoutMeaning
{
    private const string Ensemble = "It has a meaning in an ensemble only, which Freshet does not run yet.";
    private const string Later = "Freshet does not have this yet; the line has no effect.";
    private const string Elsewhere = "Freshet does this in its own way; the line has no effect.";
    private const string Bounded = "Memory is bounded in other ways here: see MaxPendingJournalBytes and MaxOutstandingRequests. The line has no effect.";
    private const string Pings = "Dead connections are found by the sessions' pings; the line has no effect.";
    private const string Open = "Clients that fail are closed, whatever the line says.";
    private const string Always = "Permissions are checked when a request is decided, always; the line has no effect.";
    private const string Weak = "DIGEST-MD5 is off unless there are users for it, whatever the line says.";
    private const string HttpAddress = "The metrics are where admin.serverAddress says, 127.0.0.1 without it.";
    private const string Forged = "A header can be forged: addresses are those of connections. The line has no effect.";
    private const string Nowhere = "No release of Apache ZooKeeper since 3.5 reads this either. sessionRequireClientSASLAuth=yes requires SASL.";

    /// <summary>In every sample file, and without a meaning to a server on its own, Apache's too.</summary>
    private static readonly HashSet<string> Silent =
    [
        "initLimit", "syncLimit", "standaloneEnabled", "extendedTypesEnabled", "admin.idleTimeout", "admin.snapshot.enabled",
        "admin.restore.enabled", "admin.rateLimiterIntervalInMS",
        "client.certReload", "ssl.hostnameVerification", "ssl.handshakeDetectionTimeoutMillis",
    ];

    private static readonly Dictionary<string, string[]> Reasons = new()
    {
        [Ensemble] =
        [
            "peerType", "connectToLearnerMasterLimit", "electionAlg", "leaderServes", "observerMasterPort", "syncEnabled",
            "quorumListenOnAllIPs", "cnxTimeout", "quorumCnxnTimeoutMs", "oraclePath", "sslQuorum", "portUnification",
            "sslQuorumReloadCertFiles", "reconfigEnabled", "localSessionsEnabled", "localSessionsUpgradingEnabled", "db.autocreate", "commitLogCount",
            "ensembleAuthName",
        ],
        [Elsewhere] =
        [
            "preAllocSize", "serverCnxnFactory", "clientPortListenBacklog", "maxResponseCacheSize", "maxGetChildrenResponseCacheSize",
            "maxBatchSize", "flushDelay", "maxWriteQueuePollTime", "jute.maxbuffer.extrasize", "snapshot.trust.empty", "snapshot.compression.method",
        ],
        [Bounded] =
        [
            "globalOutstandingLimit", "requestThrottleLimit", "requestThrottleStallTime", "requestThrottleDropStale", "throttledOpWaitTime",
            "largeRequestThreshold", "largeRequestMaxBytes", "outstandingHandshake.limit",
        ],
        [Pings] = ["tcpKeepAlive", "clientTcpKeepAlive"],
        [Open] = ["allowSaslFailedClients"],
        [Always] = ["enableEagerACLCheck"],
        [Weak] = ["fips-mode"],
        [HttpAddress] = ["metricsProvider.httpHost"],
        [Nowhere] = ["requireClientAuthScheme", "jaasLoginRenew"],
        [Later] = ["ssl.authProvider", "audit.enable", "audit.impl.class", "admin.commandURL", "admin.portUnification"],
    };

    private static readonly (string Prefix, string Reason)[] ReasonsByPrefix =
    [
        ("group.", Ensemble), ("weight.", Ensemble), ("multiAddress.", Ensemble), ("ssl.quorum.", Ensemble), ("quorum.", Ensemble),
        ("IPAuthenticationProvider.", Forged), ("connection", Later), ("authProvider.", Later),
        ("X509AuthenticationProvider.", Later), ("kerberos.", Later), ("ssl.", Elsewhere), ("metricsProvider.", Elsewhere),
    ];

    /// <summary>Switches that keep someone out. Passing over them would open what the file means to close.</summary>
    private static readonly HashSet<string> Guards = ["ssl.crl", "ssl.ocsp", "admin.forceHttps", "admin.needClientAuth", "ssl.clientHostnameVerification"];

    /// <summary>Every key that is known by name and has no effect.</summary>
    public static IEnumerable<string> All => [.. Silent, .. Guards, .. Reasons.Values.SelectMany(keys => keys)];

    /// <summary>Says what becomes of a line that sets nothing; null when there is nothing to say.</summary>
    /// <exception cref="InvalidDataException">The line asks for protection that Freshet cannot give.</exception>
    public static string? Explain(ConfigurationEntry line)
    {
        if (Guards.Contains(line.Key))
        {
            return line.Switch()
                ? throw line.Wrong("Freshet does not have this protection yet. Remove the line only if you can do without it.")
                : null;
        }

        if (line.Key == "dynamicConfigFile")
        {
            throw line.Wrong("It describes an ensemble, which Freshet does not run yet. Remove the line to run this server on its own.");
        }

        return Silent.Contains(line.Key) ? null : line.Note(ReasonFor(line.Key) ?? "This key is not known; the line has no effect.");
    }

    private static string? ReasonFor(string key) =>
        Reasons.FirstOrDefault(entry => entry.Value.Contains(key)).Key
        ?? ReasonsByPrefix.FirstOrDefault(entry => key.StartsWith(entry.Prefix, StringComparison.Ordinal)).Reason;
}
