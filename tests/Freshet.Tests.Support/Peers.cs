namespace Freshet.Tests.Support;

/// <summary>Other programs that tests use when they are there. Each is null when missing, so that a test can say what it skips.</summary>
public static class Peers
{
    /// <summary>Folder with Apache Kafka's and ZooKeeper's releases: FRESHET_PEERS, else ../shared/peers beside the checkout.</summary>
    public static string? Folder { get; } = FindFolder();

    /// <summary>Apache ZooKeeper's shell of the newest release at hand.</summary>
    public static string? ZooKeeperShell { get; } = Existing(Folder, "zookeeper/bin/cli");

    /// <summary>Starts Apache ZooKeeper 3.9.</summary>
    public static string? ZooKeeperStart { get; } = Existing(Folder, "zookeeper/bin/start");

    /// <summary>Runs one of Apache Kafka's command line tools by name.</summary>
    public static string? KafkaTool { get; } = Existing(Folder, "kafka/bin/tool");

    /// <summary>Starts Apache Kafka.</summary>
    public static string? KafkaStart { get; } = Existing(Folder, "kafka/bin/start");

    /// <summary>kcat, from Debian's package of that name.</summary>
    public static string? Kcat { get; } = OnPath("kcat");

    /// <summary>Debian's Python, for which the package python3-kazoo installs kazoo.</summary>
    public static string? KazooPython { get; } =
        File.Exists("/usr/bin/python3") && Directory.Exists("/usr/lib/python3/dist-packages/kazoo") ? "/usr/bin/python3" : null;

    /// <summary>The same where the package python3-pure-sasl is installed too, without which kazoo knows no SASL.</summary>
    public static string? KazooSaslPython { get; } = Directory.Exists("/usr/lib/python3/dist-packages/puresasl") ? KazooPython : null;

    /// <summary>Debian's Python, for which the package python3-kafka installs kafka-python.</summary>
    public static string? KafkaPython { get; } =
        File.Exists("/usr/bin/python3") && Directory.Exists("/usr/lib/python3/dist-packages/kafka") ? "/usr/bin/python3" : null;

    /// <summary>Chromium, from Debian's package of that name.</summary>
    public static string? Chromium { get; } = OnPath("chromium");

    /// <summary>The command-line client on ZooKeeper's C library, from Debian's package zookeeper-bin.</summary>
    public static string? ZooKeeperCShell { get; } = Existing("/usr/lib/zookeeper/bin", "cli_mt");

    /// <summary>strace, which injects faults into system calls.</summary>
    public static string? Strace { get; } = OnPath("strace");

    /// <summary>script, of util-linux, which runs a program at a terminal.</summary>
    public static string? Terminal { get; } = OperatingSystem.IsLinux() ? OnPath("script") : null;

    /// <summary>Makes an XFS file system, from Debian's package xfsprogs.</summary>
    public static string? MakeXfs { get; } = OnPath("mkfs.xfs");

    /// <summary>Works on an XFS file system below the level of files, from the same package.</summary>
    public static string? XfsIo { get; } = OnPath("xfs_io");

    /// <summary>Node.js.</summary>
    public static string? Node { get; } = OnPath("node");

    /// <summary>A module from npm, installed with <c>npm install --prefix artifacts/node NAME</c>; null when it is missing.</summary>
    public static string? NodeModule(string name) =>
        Existing(Path.Combine(RepositoryRoot.Path, "artifacts", "node", "node_modules", name), "package.json") is string file ? Path.GetDirectoryName(file) : null;

    private static string? FindFolder()
    {
        string folder = Environment.GetEnvironmentVariable("FRESHET_PEERS") is { Length: > 0 } named
            ? named
            : Path.Combine(RepositoryRoot.Path, "..", "shared", "peers");
        return Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
    }

    private static string? Existing(string? folder, string file) =>
        folder is not null && File.Exists(Path.Combine(folder, file)) ? Path.Combine(folder, file) : null;

    private static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
