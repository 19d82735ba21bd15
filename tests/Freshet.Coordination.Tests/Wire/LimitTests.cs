using Freshet.Protocol.Jute;
using Freshet.Tests.Support;

namespace Freshet.Coordination.Tests.Wire;

public sealed class LimitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2, 0)]
    [InlineData(0, 2)]
    public async Task Connections_beyond_a_limit_are_closed_and_one_that_ends_makes_room(int perAddress, int inAll)
    {
        var log = new WarningLog();
        await using TestServer server = await TestServer.StartAsync(
            _folder, options => (options.MaxConnectionsPerAddress, options.MaxConnections) = (perAddress, inAll), loggers: log);
        using RawClient first = await RawClient.ConnectAsync(server.Address);
        using RawClient second = await RawClient.ConnectAsync(server.Address);
        using RawClient third = await RawClient.ConnectAsync(server.Address);
        Assert.Null(third.Handshake);
        Assert.Contains(log.Warnings, line => line.Contains("the most allowed", StringComparison.Ordinal));
        Assert.Equal(ErrorCode.Ok, await second.ErrorOfAsync(OpCode.Exists, Bodies.Read("/")));
        await second.CallAsync(OpCode.CloseSession, Bodies.None);
        Assert.True(await second.IsClosedAsync());
        using RawClient fourth = await RawClient.ConnectAsync(server.Address);
        Assert.NotNull(fourth.Handshake);
    }

    [Theory]
    [InlineData(1, 1_500)]
    [InlineData(2_000, 2_000)]
    [InlineData(60_000, 50_000)]
    public async Task Session_timeouts_keep_within_the_options(int asked, int given)
    {
        await using TestServer server = await TestServer.StartAsync(_folder, options =>
            (options.MinSessionTimeout, options.MaxSessionTimeout) = (TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(50)));
        using RawClient client = await RawClient.ConnectAsync(server.Address, asked);
        Assert.Equal(given, client.Session.TimeoutMs);
    }

    [Fact]
    public Task A_least_timeout_above_the_most_is_refused() => Assert.ThrowsAsync<ArgumentException>(() =>
        TestServer.StartAsync(_folder, options => options.MinSessionTimeout = TimeSpan.FromMinutes(1)));
}
