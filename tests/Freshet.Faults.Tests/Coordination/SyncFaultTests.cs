using Freshet.Tests.Support;

namespace Freshet.Faults.Tests.Coordination;

/// <summary>Faults at the very moment that a journal write is forced to disk, injected by strace.</summary>
public sealed class SyncFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_kill_in_the_middle_of_an_fsync_loses_nothing_acknowledged()
    {
        SkipWithoutStrace("would kill the server at chosen calls of fdatasync");
        using var writes = new AcknowledgedWrites();
        foreach (int at in new[] { 5, 12, 40, 41, 90 })
        {
            await using FreshetProcess server = StartWith($"signal=KILL:when={at}");
            Task writing = writes.WriteUntilFailedAsync(await server.ReadyAsync("coordination"), $"/at{at}");
            await server.ExitAsync();
            await writing;
        }

        Assert.NotEqual(0, writes.Count);
        await AssertAllThereAsync(writes);
    }

    [Theory]
    [InlineData("EIO")]
    [InlineData("EROFS")]
    public async Task After_a_failed_fsync_nothing_is_acknowledged_and_the_process_ends_with_the_reason(string error)
    {
        SkipWithoutStrace($"would fail fdatasync with {error}");
        using var writes = new AcknowledgedWrites();
        // Only one call fails, as disks do it: a server that tried again would take the lost pages for written.
        await using FreshetProcess server = StartWith($"error={error}:when=30");
        await writes.WriteUntilFailedAsync(await server.ReadyAsync("coordination"), "/before");
        Assert.Equal(1, await server.ExitAsync());
        Assert.Contains("fdatasync failed", await server.ErrorsAsync(), StringComparison.Ordinal);
        await AssertAllThereAsync(writes);
    }

    private static void SkipWithoutStrace(string what) => Assert.SkipWhen(Peers.Strace is null, $"strace is missing: this test {what}.");

    private FreshetProcess StartWith(string injection) => FreshetProcess.StartUnder(
        [Peers.Strace!, "-f", "-qqq", "-o", "/dev/null", "-e", "trace=fdatasync", "-e", $"inject=fdatasync:{injection}"],
        ["coordination", "--port", "0", "--data", _folder.Path]);

    private async Task AssertAllThereAsync(AcknowledgedWrites writes)
    {
        await using FreshetProcess last = FreshetProcess.Start("coordination", "--port", "0", "--data", _folder.Path);
        await writes.AssertAllThereAsync(await last.ReadyAsync("coordination"));
    }
}
