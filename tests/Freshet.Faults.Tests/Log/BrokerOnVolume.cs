using System.Diagnostics;
using Freshet.Tests.Support;

namespace Freshet.Faults.Tests.Log;

/// <summary>One broker's data on a volume whose power is cut, and its port, over many lives.</summary>
internal sealed class BrokerOnVolume : IAsyncDisposable
{
    private readonly XfsVolume _volume;
    private readonly string _settings;
    private readonly int _port = FreshetProcess.FreePort();
    private FreshetProcess? _process;

    private BrokerOnVolume(XfsVolume volume, string settings)
    {
        _volume = volume;
        _settings = settings;
    }

    public string Address => $"127.0.0.1:{_port}";

    /// <summary>Starts a broker on a volume of its own; skips the test where there can be none.</summary>
    /// <param name="missing">What the test would do, for the skip's reason.</param>
    /// <param name="settings">Lines of its server.properties beside address and folder.</param>
    public static async Task<BrokerOnVolume> StartAsync(string missing, string settings = "")
    {
        XfsVolume? volume = await XfsVolume.TryCreateAsync();
        Assert.SkipWhen(volume is null, $"No XFS volume could be mounted (needs root, xfsprogs and a kernel that allows it): this test would {missing}.");
        var broker = new BrokerOnVolume(volume!, settings);
        await broker.StartAsync();
        return broker;
    }

    /// <summary>Folder of a partition.</summary>
    public string FolderOf(string topic, int partition = 0) => Path.Combine(_volume.MountPoint, "broker", $"{topic}-{partition}");

    /// <summary>
    /// Cuts the power, and starts the machine and the broker again. The broker is frozen first: one that lives on for a moment would
    /// acknowledge more, because XFS may report an fsync done that the cut undid.
    /// </summary>
    public async Task CutPowerAsync()
    {
        using (Process freeze = Process.Start("kill", ["-s", "STOP", $"{_process!.Id}"]))
        {
            await freeze.WaitForExitAsync();
        }

        string unforced = Path.Combine(_volume.MountPoint, "unforced");
        await File.WriteAllTextAsync(unforced, "not forced to disk");
        await _volume.CutPowerAsync();
        await _process.KillAsync();
        await _process.DisposeAsync();
        await _volume.RestoreAsync();
        // Else the cut would prove nothing.
        Assert.False(File.Exists(unforced) && new FileInfo(unforced).Length > 0, "What was not forced to disk is still there.");
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        await _volume.DisposeAsync();
    }

    private async Task StartAsync()
    {
        string file = Path.Combine(_volume.MountPoint, "server.properties");
        await File.WriteAllTextAsync(
            file, $"""
            listeners=PLAINTEXT://127.0.0.1:{_port}
            log.dirs={_volume.MountPoint}
            {_settings}
            """);
        _process = FreshetProcess.Start("broker", "--config", file);
        await _process.ReadyAsync("broker");
    }
}
