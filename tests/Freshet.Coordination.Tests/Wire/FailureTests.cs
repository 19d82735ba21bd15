using Freshet.Node;
using Freshet.Protocol.Jute;
using Freshet.Tests.Support;

namespace Freshet.Coordination.Tests.Wire;

public class FailureTests
{
    [Fact]
    public async Task A_slow_disk_is_told_in_the_log()
    {
        using var log = new WarningLog();
        using var folder = new TemporaryFolder();
        await using (TestServer server = await TestServer.StartAsync(folder, options => (options.ForceSync, options.SlowSyncThreshold) = (true, TimeSpan.Zero), loggers: log))
        {
            using RawClient client = await RawClient.ConnectAsync(server.Address);
            await client.CallAsync(OpCode.Create, Bodies.Create("/a"));
        }

        Assert.Contains(log.Warnings, warning => warning.StartsWith("The disk took", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_journal_that_cannot_be_written_ends_the_service_and_says_so()
    {
        bool isBroken = false;
        await using FreshetNode node = await FreshetNode.StartAsync(new FreshetNodeOptions
        {
            Broker = false,
            ConfigureCoordination = server => server.JournalWrite = (file, bytes, offset) =>
            {
                if (isBroken)
                {
                    throw new IOException("The disk is broken.");
                }

                RandomAccess.Write(file, bytes, offset);
            },
        });
        using RawClient client = await RawClient.ConnectAsync(node.CoordinationConnectString!);
        await client.CallAsync(OpCode.Create, Bodies.Create("/a"));
        Assert.False(node.Failure.IsCompleted);
        isBroken = true;
        await client.SendAsync(OpCode.Create, Bodies.Create("/b"));
        Assert.Equal("The disk is broken.", (await node.Failure.WaitAsync(TimeSpan.FromSeconds(30))).Message);
        Assert.True(await client.IsClosedAsync());
    }
}
