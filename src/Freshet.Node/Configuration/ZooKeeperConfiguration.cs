using System.Net;

namespace Freshet.Node.Configuration;

/// <summary>
/// An existing <c>zoo.cfg</c> of Apache ZooKeeper, read for a coordination server on its own. Keys that mean nothing here are
/// reported in <see cref="Warnings"/>; nothing of the file is changed.
/// </summary>
public sealed class ZooKeeperConfiguration
{
    private const int UsualPort = 2181;

    private ZooKeeperConfiguration(ZooKeeperSettings settings) => (Options, Warnings) = (settings.Node, settings.Warnings);

    /// <summary>Options of a node that runs the coordination server as the file says. May be changed before the node starts.</summary>
    public FreshetNodeOptions Options { get; }

    /// <summary>Lines that have no effect or another one than in Apache ZooKeeper, each with file, line and key.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">A value cannot be used; the message names file, line and key and says what to do.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static ZooKeeperConfiguration Read(string path)
    {
        using StreamReader reader = new(path);
        List<ConfigurationEntry> lines = JavaProperties.Read(path, reader);
        var settings = new ZooKeeperSettings();
        foreach (ConfigurationEntry line in lines.Where((line, index) => IsLast(lines, index, settings.Warnings)))
        {
            if (!ZooKeeperKeys.TryApply(settings, line) && KeysWithoutMeaning.Explain(line) is string warning)
            {
                settings.Warnings.Add(warning);
            }
        }

        Complete(settings, path);
        return new ZooKeeperConfiguration(settings);
    }

    /// <summary>Of lines with the same key the last one counts, as in Java.</summary>
    private static bool IsLast(List<ConfigurationEntry> lines, int index, List<string> warnings)
    {
        int later = lines.FindLastIndex(line => line.Key == lines[index].Key);
        if (later > index)
        {
            warnings.Add(lines[index].Note($"Line {lines[later].Line} has the same key, and it counts."));
        }

        return later == index;
    }

    private static void Complete(ZooKeeperSettings settings, string path)
    {
        RunAlone(settings);
        FreshetNodeOptions node = settings.Node;
        node.CoordinationTls = settings.Tls.SecurePort(path);
        node.CoordinationPortUnification = settings.Tls.ClientPort(path);
        node.CoordinationPort = settings.ClientPort?.Port ?? (node.CoordinationTls is null ? UsualPort : null);
        if (settings.ClientPort is null && node.CoordinationTls is null)
        {
            settings.Warnings.Add($"{path} names no clientPort: {UsualPort} is used unless a flag says otherwise.");
        }

        if (settings.ClientAddress is IPAddress address)
        {
            node.Address = address;
        }
        else
        {
            settings.Warnings.Add($"{path} names no clientPortAddress: listening on {node.Address} only. Apache ZooKeeper would be open to "
                + "every network; clientPortAddress=0.0.0.0 does the same here.");
        }

        node.HttpPort = settings.AdminPages ? settings.AdminPort : null;
        node.MetricsPort = settings.Metrics ? settings.MetricsPort : null;
        RequireAuthentication(settings, path);
        settings.Sasl.Complete(settings.Server, settings.Warnings);
        TimeSpan tick = TimeSpan.FromMilliseconds(settings.TickMs);
        settings.Server.Add(server => server.TickTime = tick);
        RequireData(settings, path);
        if (settings.TellsReadOnly && !settings.NamesWords)
        {
            settings.Server.Add(server => server.FourLetterWords = ["srvr", "isro"]);
        }

        if (settings.DataLogDirectory is string journal)
        {
            ApacheData.Refuse(journal);
            settings.Server.Add(server => server.JournalDirectory = Path.Combine(journal, FreshetNodeOptions.CoordinationFolder));
        }

        node.ConfigureCoordination = server => settings.Server.ForEach(set => set(server));
    }

    private static void RequireData(ZooKeeperSettings settings, string path)
    {
        string?[] folders = settings.CreatesData ? [] : [settings.Node.DataDirectory, settings.DataLogDirectory];
        if (folders.FirstOrDefault(folder => folder is not null && !Directory.Exists(folder)) is string missing)
        {
            throw new InvalidDataException($"{missing} is missing and {path} has datadir.autocreate=false. Is its disk mounted? Create it, or remove that line.");
        }
    }

    private static void RequireAuthentication(ZooKeeperSettings settings, string path)
    {
        string[] schemes = settings.RequiresAuthentication ? settings.AuthenticationSchemes : [];
        if (settings.RequiresAuthentication && schemes.Length == 0)
        {
            throw new InvalidDataException($"{path} has enforce.auth.enabled but no enforce.auth.schemes. Name the schemes, such as enforce.auth.schemes=digest.");
        }

        string[] required = settings.RequiresSasl ? [.. schemes, "sasl"] : schemes;
        settings.Server.Add(server => server.RequiredAuthenticationSchemes = required);
    }

    private static void RunAlone(ZooKeeperSettings settings)
    {
        if (settings.Members.Count > 1)
        {
            ConfigurationEntry second = settings.Members[1];
            throw second.Wrong($"The file describes an ensemble of {settings.Members.Count} servers, which Freshet does not run yet. "
                + "Leave at most one server line to run this server on its own.");
        }

        foreach (ConfigurationEntry member in settings.Members)
        {
            if (ServerLine.ClientPort(member) is int port)
            {
                settings.SetClientPort(member, port);
            }
        }
    }
}
