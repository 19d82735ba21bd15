using Freshet.Tests.Support;

namespace Freshet.Faults.Tests.Log;

/// <summary>One broker's folder and port, over many lives: some of them busy with upkeep and struck by a fault, others quiet.</summary>
internal sealed class BrokerWithFaults : IAsyncDisposable
{
    private static readonly TimeSpan FaultPatience = TimeSpan.FromSeconds(15);
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreshetProcess.FreePort();
    private FreshetProcess? _process;

    public string Address => $"127.0.0.1:{_port}";

    /// <summary>Folder of a partition.</summary>
    public string FolderOf(string topic, int partition = 0) => Path.Combine(_folder.Path, "broker", $"{topic}-{partition}");

    /// <summary>Starts a broker that does no upkeep, so that its files stay as recovery left them.</summary>
    public Task StartQuietAsync() => StartAsync("quiet", upkeepMs: 3_600_000, []);

    /// <summary>Starts a broker that compacts and applies retention all the time.</summary>
    /// <param name="injection">Fault for strace to inject, such as <c>rename:signal=KILL:when=3</c>; each thread counts its own calls.</param>
    /// <returns>False when the fault struck before the broker was ready.</returns>
    public async Task<bool> StartBusyAsync(string? injection = null)
    {
        try
        {
            await StartAsync("busy", upkeepMs: 10, injection is null ? [] : Injecting(injection));
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Starts a broker that does no upkeep, for which calls on one file fail.</summary>
    /// <param name="fault">What strace injects, such as <c>fsync:error=EIO:when=3</c>.</param>
    public Task StartWithFaultAsync(string fault, string file) => StartAsync("quiet", upkeepMs: 3_600_000, [.. Injecting(fault), "-P", file]);

    /// <summary>The calls on that file, one a line, while the last broker with a fault ran.</summary>
    public string[] TracedCalls() => File.ReadAllLines(TraceFile);

    /// <summary>
    /// Waits for the fault to end the broker, and kills it when the fault does not come: each thread counts its own calls, and which of them
    /// does the work is chance.
    /// </summary>
    /// <returns>Whether the fault came.</returns>
    public async Task<bool> HasEndedAsync()
    {
        Task<int> exit = _process!.ExitAsync();
        bool struck = await Task.WhenAny(exit, Task.Delay(FaultPatience)) == exit;
        if (!struck)
        {
            await _process.KillAsync();
        }

        await exit;
        await StopAsync();
        return struck;
    }

    public async Task KillAsync()
    {
        await _process!.KillAsync();
        await StopAsync();
    }

    /// <summary>Stops the broker as an operator does, so that its next start trusts what it finds.</summary>
    public async Task StopGentlyAsync()
    {
        Assert.Equal(0, await _process!.StopAsync());
        await StopAsync();
    }

    /// <summary>Stops the broker as an operator does, and gives what it told.</summary>
    public async Task<string> StopAndReadErrorsAsync()
    {
        Assert.Equal(0, await _process!.StopAsync());
        string errors = await _process.ErrorsAsync();
        await StopAsync();
        return errors;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private string TraceFile => Path.Combine(_folder.Path, "trace");

    private string[] Injecting(string fault) =>
        ["env", "DOTNET_EnableDiagnostics=0", Peers.Strace!, "-D", "-f", "-qqq", "-o", TraceFile, "-e", $"trace={fault.Split(':')[0]}", "-e", $"inject={fault}"];

    private async Task StartAsync(string name, int upkeepMs, string[] starter)
    {
        string file = Path.Combine(_folder.Path, $"{name}.properties");
        await File.WriteAllTextAsync(
            file, $"""
            listeners=PLAINTEXT://127.0.0.1:{_port}
            log.dirs={_folder.Path}
            log.cleaner.backoff.ms={upkeepMs}
            log.retention.check.interval.ms={upkeepMs}
            """);
        _process = FreshetProcess.StartUnder(starter, ["broker", "--config", file]);
        await _process.ReadyAsync("broker");
    }

    private async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }
}
