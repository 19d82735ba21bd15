using System.Text;
using Freshet.Protocol.Jute;
using Freshet.Tests.Support;

namespace Freshet.Coordination.Tests.Wire;

public sealed class QuotaTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_hard_count_refuses_what_would_pass_it_and_deletes_make_room()
    {
        await using TestServer server = await TestServer.StartAsync(_folder, options => options.EnforceQuota = true);
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        await SetAsync(client, "/app", "count=-1,bytes=-1=;countHardLimit=3");
        await client.CallAsync(OpCode.Create, Bodies.Create("/app"));
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.Create, Bodies.Create("/app/1")));
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.Create, Bodies.Create("/app/1/deep")));
        Assert.Equal(ErrorCode.QuotaExceeded, await client.ErrorOfAsync(OpCode.Create, Bodies.Create("/app/2")));
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.Create, Bodies.Create("/apple")));
        await client.CallAsync(OpCode.Delete, Bodies.Delete("/app/1/deep"));
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.Create, Bodies.Create("/app/2")));
        Assert.Equal("count=3,bytes=3", await StatsAsync(client, "/app"));
    }

    [Fact]
    public async Task Writes_in_flight_together_cannot_pass_a_limit_and_a_refused_multi_uses_nothing()
    {
        await using TestServer server = await TestServer.StartAsync(_folder, options => options.EnforceQuota = true);
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        await SetAsync(client, "/app", "count=-1,bytes=-1=;countHardLimit=10");
        await client.SendAsync(OpCode.Create, Bodies.Create("/app"));
        await client.SendAsync(OpCode.Multi, Bodies.Multi([.. Enumerable.Range(0, 10).Select(i => (OpCode.Create, Bodies.Create($"/app/m{i}")))]));
        for (int i = 0; i < 20; i++)
        {
            await client.SendAsync(OpCode.Create, Bodies.Create($"/app/{i}"));
        }

        List<ErrorCode> errors = [];
        for (int i = 0; i < 22; i++)
        {
            errors.Add((await client.NextAsync()).Header.Error);
        }

        Assert.Equal(Enumerable.Repeat(ErrorCode.Ok, 11).Concat(Enumerable.Repeat(ErrorCode.QuotaExceeded, 11)), errors);
        Assert.Equal("count=10,bytes=10", await StatsAsync(client, "/app"));
    }

    [Fact]
    public async Task Hard_bytes_refuse_growth_but_let_data_shrink()
    {
        await using TestServer server = await TestServer.StartAsync(_folder, options => options.EnforceQuota = true);
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        await client.CallAsync(OpCode.Create, Bodies.Create("/app", data: "0123456789"));
        await SetAsync(client, "/app", "count=-1,bytes=-1=;byteHardLimit=5");
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.SetData, Bodies.SetData("/app", "01234567")));
        Assert.Equal(ErrorCode.QuotaExceeded, await client.ErrorOfAsync(OpCode.SetData, Bodies.SetData("/app", "012345678")));
        Assert.Equal(ErrorCode.QuotaExceeded, await client.ErrorOfAsync(OpCode.SetData, Bodies.SetData("/app", "012345678", version: 99)));
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.Create, Bodies.Create("/app/empty", data: null)));
        Assert.Equal("count=2,bytes=8", await StatsAsync(client, "/app"));
    }

    [Theory]
    [InlineData("count=1,bytes=-1", true)]
    [InlineData("count=-1,bytes=-1=;countHardLimit=1", false)]
    public async Task A_soft_limit_and_one_not_enforced_only_warn(string limits, bool enforce)
    {
        var log = new WarningLog();
        await using TestServer server = await TestServer.StartAsync(_folder, options => options.EnforceQuota = enforce, loggers: log);
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        await SetAsync(client, "/app", limits);
        await client.CallAsync(OpCode.Create, Bodies.Create("/app"));
        Assert.DoesNotContain(log.Warnings, warning => warning.Contains("/app", StringComparison.Ordinal));
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.Create, Bodies.Create("/app/1")));
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.Create, Bodies.Create("/app/2")));
        Assert.Single(log.Warnings, warning => warning.Contains("quota of /app is passed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stats_are_right_after_a_restart()
    {
        await using (TestServer server = await TestServer.StartAsync(_folder))
        {
            using RawClient client = await RawClient.ConnectAsync(server.Address);
            await SetAsync(client, "/app", "count=100,bytes=100");
            await client.CallAsync(OpCode.Create, Bodies.Create("/app"));
            await client.CallAsync(OpCode.Create, Bodies.Create("/app/gone", CreateMode.Ephemeral, "12345"));
            await client.CallAsync(OpCode.CloseSession, Bodies.None);
        }

        await using TestServer again = await TestServer.StartAsync(_folder);
        using RawClient other = await RawClient.ConnectAsync(again.Address);
        Assert.Equal("count=1,bytes=1", await StatsAsync(other, "/app"));
        await other.CallAsync(OpCode.Create, Bodies.Create("/app/1", data: "23"));
        Assert.Equal("count=2,bytes=3", await StatsAsync(other, "/app"));
    }

    private static async Task SetAsync(RawClient client, string target, string limits)
    {
        await client.CallAsync(OpCode.Create, Bodies.Create("/zookeeper/quota" + target, data: null));
        await client.CallAsync(OpCode.Create, Bodies.Create($"/zookeeper/quota{target}/zookeeper_limits", data: limits));
        await client.CallAsync(OpCode.Create, Bodies.Create($"/zookeeper/quota{target}/zookeeper_stats", data: "count=0,bytes=0"));
    }

    private static async Task<string> StatsAsync(RawClient client, string target)
    {
        (_, byte[] body) = await client.CallAsync(OpCode.GetData, Bodies.Read($"/zookeeper/quota{target}/zookeeper_stats"));
        var reader = new JuteReader(body);
        return Encoding.UTF8.GetString(reader.ReadBuffer(out _));
    }
}
