using System.Globalization;
using Freshet.Tests.Support;

namespace Freshet.Faults.Tests.Coordination;

/// <summary>kill -9 of the coordination service under load: what it acknowledged is there afterwards, every time.</summary>
public sealed class KilledCoordinationTests : IDisposable
{
    private const int Kills = 20;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_acknowledged_write_survives_twenty_kills()
    {
        using var writes = new AcknowledgedWrites();
        int port = FreshetProcess.FreePort();
        for (int kill = 0; kill < Kills; kill++)
        {
            await using FreshetProcess server = Start(port);
            int before = writes.Count;
            Task writing = writes.WriteUntilFailedAsync(await server.ReadyAsync("coordination"), $"/kill{kill}");
            // The kill falls somewhere into the load: after a different number of acknowledged writes each time.
            await writes.HaveMoreAsync(20 + (kill * 13));
            await server.KillAsync();
            await writing;
            Assert.True(writes.Count > before);
        }

        await using FreshetProcess last = Start(port);
        await writes.AssertAllThereAsync(await last.ReadyAsync("coordination"));
    }

    private FreshetProcess Start(int port) =>
        FreshetProcess.Start("coordination", "--port", port.ToString(CultureInfo.InvariantCulture), "--data", _folder.Path);
}
