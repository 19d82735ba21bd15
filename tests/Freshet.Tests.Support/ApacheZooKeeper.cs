using System.Diagnostics;

namespace Freshet.Tests.Support;

/// <summary>Apache ZooKeeper, started for tests that hold Freshet against it: 3.9 from the peers folder, else Debian's 3.8.</summary>
public sealed class ApacheZooKeeper : IAsyncDisposable
{
    private const string DebianClassPath = "/usr/share/java/zookeeper.jar";

    private readonly TemporaryFolder _folder;
    private readonly Process _process;

    private ApacheZooKeeper(TemporaryFolder folder, Process process, int port)
    {
        (_folder, _process) = (folder, process);
        ConnectString = $"127.0.0.1:{port}";
    }

    /// <summary>Whether there is one to start.</summary>
    public static bool IsPresent => Peers.ZooKeeperStart is not null || File.Exists(DebianClassPath);

    /// <summary>Its address.</summary>
    public string ConnectString { get; }

    /// <summary>Starts a standalone server on a free port and waits until it answers.</summary>
    public static async Task<ApacheZooKeeper> StartAsync()
    {
        var folder = new TemporaryFolder();
        int port = FreshetProcess.FreePort();
        string configuration = Path.Combine(folder.Path, "zoo.cfg");
        await File.WriteAllLinesAsync(configuration,
        [
            "tickTime=500", "dataDir=" + folder.Path, "clientPort=" + port, "clientPortAddress=127.0.0.1", "maxClientCnxns=0",
            "admin.enableServer=false", "4lw.commands.whitelist=*",
        ]);
        var start = new ProcessStartInfo(
            "java", ["-Xmx256m", "-Dzookeeper.extendedTypesEnabled=true", "-cp", ClassPath(), "org.apache.zookeeper.server.ZooKeeperServerMain", configuration])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new ApacheZooKeeper(folder, process, port);
        await TcpPort.ListeningAsync(port);
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private static string ClassPath()
    {
        string[] debian = ["zookeeper", "zookeeper-jute", "slf4j-api", "slf4j-simple", "netty-all", "commons-cli", "snappy-java", "metrics-core", "jackson-databind"];
        return Peers.ZooKeeperStart is null
            ? string.Join(':', debian.Select(jar => $"/usr/share/java/{jar}.jar"))
            : Path.Combine(Peers.Folder!, "zookeeper", "lib", "*");
    }
}
