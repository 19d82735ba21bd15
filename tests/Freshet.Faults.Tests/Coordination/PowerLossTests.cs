using Freshet.Tests.Support;

namespace Freshet.Faults.Tests.Coordination;

/// <summary>The machine loses power under load: everything that was not forced to disk is gone, and everything acknowledged is there.</summary>
public sealed class PowerLossTests
{
    private const int Losses = 5;

    [Fact]
    public async Task Every_acknowledged_write_survives_the_loss_of_power()
    {
        await using XfsVolume? volume = await XfsVolume.TryCreateAsync();
        Assert.SkipWhen(
            volume is null, "No XFS volume could be mounted (needs root, xfsprogs and a kernel that allows it): this test would cut its power under load.");
        string data = Path.Combine(volume!.MountPoint, "data");
        using var writes = new AcknowledgedWrites();
        for (int loss = 0; loss < Losses; loss++)
        {
            await using FreshetProcess server = FreshetProcess.Start("coordination", "--port", "0", "--data", data);
            Task writing = writes.WriteUntilFailedAsync(await server.ReadyAsync("coordination"), $"/loss{loss}");
            await writes.HaveMoreAsync(30 + (loss * 41));
            string unforced = Path.Combine(volume.MountPoint, $"unforced{loss}");
            await File.WriteAllTextAsync(unforced, "not forced to disk", TestContext.Current.CancellationToken);
            // A machine without power acknowledges nothing. Here its processes live on for a moment, in which XFS may report an fsync done that the cut undid.
            writes.StopCounting();
            await volume.CutPowerAsync();
            await writing;
            Assert.Equal(1, await server.ExitAsync());
            await volume.RestoreAsync();
            // Else the cut would prove nothing.
            Assert.False(File.Exists(unforced) && new FileInfo(unforced).Length > 0, "What was not forced to disk is still there.");
        }

        await using FreshetProcess last = FreshetProcess.Start("coordination", "--port", "0", "--data", data);
        await writes.AssertAllThereAsync(await last.ReadyAsync("coordination"));
        Assert.Equal(0, await last.StopAsync());
    }
}
