namespace Freshet.Tests.Support;

/// <summary>A release of Apache ZooKeeper that a test may start.</summary>
/// <param name="ClassPath">Its jars, for Java.</param>
public sealed record ApacheRelease(string Name, string ClassPath)
{
    private static readonly string[] DebianJars =
        ["zookeeper", "zookeeper-jute", "slf4j-api", "slf4j-simple", "netty-all", "commons-cli", "snappy-java", "metrics-core", "jackson-databind"];

    /// <summary>3.9, from the peers folder; null when it is missing.</summary>
    public static ApacheRelease? Peer { get; } =
        Peers.ZooKeeperStart is null ? null : new ApacheRelease("3.9", Path.Combine(Peers.Folder!, "zookeeper", "lib", "*"));

    /// <summary>3.8, from Debian's package zookeeper; null when it is missing.</summary>
    public static ApacheRelease? Debian { get; } = File.Exists("/usr/share/java/zookeeper.jar")
        ? new ApacheRelease("3.8", string.Join(':', DebianJars.Select(jar => $"/usr/share/java/{jar}.jar")))
        : null;

    /// <summary>The newest at hand; null when there is none.</summary>
    public static ApacheRelease? Newest => Peer ?? Debian;
}
