using System.Security.Cryptography;
using Freshet.Coordination;

namespace Freshet.Node.Configuration;

/// <summary>The keys of a zoo.cfg that mean something here, and what each sets.</summary>
internal static class ZooKeeperKeys
{
    /// <summary>A request must fit into one journal record with room for what the server adds.</summary>
    private const int MaxRequestBytes = 8 << 20;

    private static readonly Dictionary<string, Action<ZooKeeperSettings, ConfigurationEntry>> Meanings = new(StringComparer.Ordinal)
    {
        ["dataDir"] = (settings, line) => settings.Node.DataDirectory = line.Path(),
        ["dataLogDir"] = (settings, line) => settings.DataLogDirectory = line.Path(),
        ["clientPort"] = (settings, line) => settings.SetClientPort(line, line.Port()),
        ["clientPortAddress"] = (settings, line) => settings.ClientAddress = line.Address(),
        ["tickTime"] = (settings, line) => settings.TickMs = line.Number(100, 60_000),
        ["forceSync"] = ForceSync,
        ["jute.maxbuffer"] = (settings, line) => Set(settings, line.Number(1024, MaxRequestBytes), (server, bytes) => server.MaxRequestBytes = bytes),
        ["snapCount"] = (settings, line) =>
            Set(settings, line.Number(2, int.MaxValue), (server, count) => server.SnapshotAfterTransactions = count),
        ["snapSizeLimitInKb"] = (settings, line) =>
            Set(settings, line.Number(-1, int.MaxValue), (server, size) => server.SnapshotAfterBytes = size <= 0 ? long.MaxValue : size * 1024L),
        ["4lw.commands.whitelist"] = AllowWords,
        ["admin.enableServer"] = (settings, line) => settings.AdminPages = line.Switch(),
        ["admin.serverPort"] = (settings, line) => settings.AdminPort = line.Port(),
        ["admin.serverAddress"] = (settings, line) => settings.Node.HttpAddress = line.Address(),
        ["znode.container.checkIntervalMs"] = (settings, line) => Set(
            settings, line.Number(0, int.MaxValue), (server, ms) => server.ContainerCheckInterval = TimeSpan.FromMilliseconds(ms)),
        ["znode.container.maxPerMinute"] = (settings, line) => Set(
            settings, line.Number(1, int.MaxValue), (server, most) => server.MaxContainerRemovalsPerMinute = most),
        ["znode.container.maxNeverUsedIntervalMs"] = (settings, line) => Set(
            settings, line.Number(0, int.MaxValue), (server, ms) => server.MaxNeverUsedInterval = TimeSpan.FromMilliseconds(ms)),
        ["metricsProvider.className"] = ProvideMetrics,
        ["metricsProvider.httpPort"] = (settings, line) => settings.MetricsPort = line.Port(),
        ["maxClientCnxns"] = (settings, line) => Set(settings, line.Number(0, int.MaxValue), (server, most) => server.MaxConnectionsPerAddress = most),
        ["maxCnxns"] = (settings, line) => Set(settings, line.Number(0, int.MaxValue), (server, most) => server.MaxConnections = most),
        ["minSessionTimeout"] = (settings, line) => SetTimeout(settings, line, (server, timeout) => server.MinSessionTimeout = timeout),
        ["maxSessionTimeout"] = (settings, line) => SetTimeout(settings, line, (server, timeout) => server.MaxSessionTimeout = timeout),
        ["DigestAuthenticationProvider.superDigest"] = (settings, line) => Set(settings, line.Value, (server, digest) => server.SuperDigest = digest),
        ["DigestAuthenticationProvider.enabled"] = (settings, line) => Set(settings, line.Switch(), (server, on) => server.DigestAuthentication = on),
        ["DigestAuthenticationProvider.digestAlg"] = (settings, line) => Set(settings, Hash(line), (server, hash) => server.DigestAlgorithm = hash),
        ["skipACL"] = (settings, line) => Set(settings, line.Switch(), (server, on) => server.SkipAcl = on),
        ["fsync.warningthresholdms"] = (settings, line) => Set(
            settings, line.Number(0, int.MaxValue), (server, ms) => server.SlowSyncThreshold = TimeSpan.FromMilliseconds(ms)),
        ["datadir.autocreate"] = (settings, line) => settings.CreatesData = line.Switch(),
        ["readonlymode.enabled"] = (settings, line) => settings.TellsReadOnly = line.Switch(),
        ["X509AuthenticationProvider.superUser"] = (settings, line) => Set(settings, line.Value, (server, subject) => server.X509SuperUser = subject),
        ["sessionRequireClientSASLAuth"] = (settings, line) => settings.RequiresSasl = line.Switch(),
        ["enforce.auth.enabled"] = (settings, line) => settings.RequiresAuthentication = line.Switch(),
        ["enforce.auth.schemes"] = (settings, line) => settings.AuthenticationSchemes = Names(line),
        ["digest.enabled"] = (settings, line) => Set(settings, line.Switch(), (server, on) => server.KeepTreeDigest = on),
        ["enforceQuota"] = (settings, line) => Set(settings, line.Switch(), (server, on) => server.EnforceQuota = on),
        ["autopurge.snapRetainCount"] = KeepSnapshots,
        ["autopurge.purgeInterval"] = PurgeEvery,
    };

    /// <summary>Every key that has an effect, those of many forms aside.</summary>
    public static IEnumerable<string> All => Meanings.Keys.Concat(TlsSettings.Keys.Keys);

    public static bool TryApply(ZooKeeperSettings settings, ConfigurationEntry line)
    {
        if (ServerLine.Is(line))
        {
            settings.Members.Add(line);
            return true;
        }

        if (TlsSettings.Keys.TryGetValue(line.Key, out Action<TlsSettings, ConfigurationEntry>? secure))
        {
            secure(settings.Tls, line);
            return true;
        }

        if (settings.Sasl.TryApply(line))
        {
            return true;
        }

        if (!Meanings.TryGetValue(line.Key, out Action<ZooKeeperSettings, ConfigurationEntry>? apply))
        {
            return false;
        }

        apply(settings, line);
        return true;
    }

    private static void Set<T>(ZooKeeperSettings settings, T value, Action<CoordinationOptions, T> set) =>
        settings.Server.Add(server => set(server, value));

    private static void ForceSync(ZooKeeperSettings settings, ConfigurationEntry line)
    {
        bool on = line.Switch();
        if (!on)
        {
            settings.Warnings.Add(line.Note("Writes are not forced to disk: acknowledged ones are lost when the machine stops."));
        }

        Set(settings, on, (server, force) => server.ForceSync = force);
    }

    private static void AllowWords(ZooKeeperSettings settings, ConfigurationEntry line)
    {
        settings.NamesWords = true;
        Set(settings, Names(line), (server, words) => server.FourLetterWords = words);
    }

    /// <summary>By Java's names.</summary>
    private static HashAlgorithmName Hash(ConfigurationEntry line) => line.Value.ToUpperInvariant() switch
    {
        "SHA1" or "SHA-1" => HashAlgorithmName.SHA1,
        "SHA-256" => HashAlgorithmName.SHA256,
        "SHA-384" => HashAlgorithmName.SHA384,
        "SHA-512" => HashAlgorithmName.SHA512,
        "SHA3-256" => HashAlgorithmName.SHA3_256,
        "SHA3-512" => HashAlgorithmName.SHA3_512,
        _ => throw line.Wrong("SHA1, SHA-256, SHA-384, SHA-512, SHA3-256 and SHA3-512 are there."),
    };

    private static string[] Names(ConfigurationEntry line) =>
        line.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static void ProvideMetrics(ZooKeeperSettings settings, ConfigurationEntry line)
    {
        settings.Metrics = line.Value.EndsWith(".PrometheusMetricsProvider", StringComparison.Ordinal);
        if (!settings.Metrics)
        {
            settings.Warnings.Add(line.Note("Only Prometheus' format is there; the line has no effect."));
        }
    }

    /// <summary>-1 stands for the usual bound in ticks.</summary>
    private static void SetTimeout(ZooKeeperSettings settings, ConfigurationEntry line, Action<CoordinationOptions, TimeSpan?> set)
    {
        int ms = line.Number(-1, int.MaxValue);
        Set(settings, ms == -1 ? null : (TimeSpan?)TimeSpan.FromMilliseconds(ms), set);
    }

    private static void KeepSnapshots(ZooKeeperSettings settings, ConfigurationEntry line)
    {
        const int MinKept = 3;
        int count = line.Number(1, int.MaxValue);
        if (count < MinKept)
        {
            settings.Warnings.Add(line.Note($"{MinKept} snapshots are kept, the least there may be."));
        }

        Set(settings, Math.Max(MinKept, count), (server, kept) => server.SnapshotsKept = kept);
    }

    /// <summary>Files are purged after every snapshot, so only the choice between on and off has a meaning.</summary>
    private static void PurgeEvery(ZooKeeperSettings settings, ConfigurationEntry line)
    {
        if ((line with { Value = line.Value.TrimEnd('m', 's', 'h', 'd') }).Number(0, int.MaxValue) == 0)
        {
            settings.Warnings.Add(line.Note("Nothing is ever deleted, so the disk fills up. Remove the line to keep the newest snapshots only."));
            Set(settings, int.MaxValue, (server, kept) => server.SnapshotsKept = kept);
        }
    }
}
