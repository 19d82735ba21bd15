using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Freshet.Tests.Support;

/// <summary>Apache ZooKeeper, started for tests that hold Freshet against it.</summary>
public sealed class ApacheZooKeeper : IAsyncDisposable
{
    private readonly TemporaryFolder? _folder;
    private readonly Process _process;

    private ApacheZooKeeper(TemporaryFolder? folder, Process process, int port)
    {
        (_folder, _process) = (folder, process);
        ConnectString = $"127.0.0.1:{port}";
    }

    /// <summary>Whether there is one to start.</summary>
    public static bool IsPresent => ApacheRelease.Newest is not null;

    /// <summary>Its address.</summary>
    public string ConnectString { get; }

    /// <summary>Starts the newest release.</summary>
    public static Task<ApacheZooKeeper> StartAsync(string? dataDirectory = null, params string[] settings) =>
        StartAsync(ApacheRelease.Newest!, dataDirectory, settings);

    /// <summary>Starts a standalone server on a free port and waits until it answers.</summary>
    /// <param name="dataDirectory">Its dataDir, which stays; without it the data goes with the server.</param>
    /// <param name="settings">More lines of its zoo.cfg, and flags of Java, which begin with <c>-D</c>.</param>
    public static async Task<ApacheZooKeeper> StartAsync(ApacheRelease release, string? dataDirectory = null, params string[] settings)
    {
        TemporaryFolder? folder = dataDirectory is null ? new TemporaryFolder() : null;
        dataDirectory ??= folder!.Path;
        int port = FreshetProcess.FreePort();
        string configuration = Path.Combine(dataDirectory, "zoo.cfg");
        await File.WriteAllLinesAsync(configuration,
        [
            .. settings.Where(line => !IsFlag(line)), "tickTime=500", "dataDir=" + dataDirectory, "clientPort=" + port, "clientPortAddress=127.0.0.1", "maxClientCnxns=0",
            "admin.enableServer=false", "4lw.commands.whitelist=*",
        ]);
        var start = new ProcessStartInfo(
            "java", ["-Xmx256m", "-Dzookeeper.extendedTypesEnabled=true", .. settings.Where(IsFlag), "-cp", release.ClassPath, "org.apache.zookeeper.server.ZooKeeperServerMain", configuration])
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
        await ServingAsync(port);
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder?.Dispose();
    }

    private static bool IsFlag(string setting) => setting.StartsWith("-D", StringComparison.Ordinal);

    /// <summary>
    /// Returns once the server tells its mode; fails after a minute. It listens well before it serves, and a client that comes in
    /// between is left hanging.
    /// </summary>
    private static async Task ServingAsync(int port)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!(await AskAsync(port, "srvr", deadline.Token)).Contains("Mode:", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), deadline.Token);
        }
    }

    /// <summary>Sends a four-letter word; the answer is empty when there is none within two seconds.</summary>
    private static async Task<string> AskAsync(int port, string word, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, patience.Token);
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(word), patience.Token);
            using var reader = new StreamReader(stream);
            return await reader.ReadToEndAsync(patience.Token);
        }
        catch (Exception early) when (early is SocketException or IOException
            || (early is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return "";
        }
    }
}
