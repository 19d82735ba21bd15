namespace Freshet.Coordination.Client.Tests;

public class ConnectStringTests
{
    [Theory]
    [InlineData("a:1", "a:1", "")]
    [InlineData("a", "a:2181", "")]
    [InlineData("a:1, b:2 ,c", "a:1 b:2 c:2181", "")]
    [InlineData("a:1,b:2/app/one", "a:1 b:2", "/app/one")]
    [InlineData("a:1/", "a:1", "")]
    [InlineData("[::1]:5,[fe80::1]", "::1:5 fe80::1:2181", "")]
    public void Servers_and_chroot_are_told_apart(string text, string servers, string chroot)
    {
        ConnectString parsed = ConnectString.Parse(text);
        Assert.Equal(servers, string.Join(' ', parsed.Servers.Select(server => $"{server.Host}:{server.Port}")));
        Assert.Equal(chroot, parsed.Chroot);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a:0")]
    [InlineData("a:65536")]
    [InlineData("a:x")]
    [InlineData(":2181")]
    [InlineData("/only/chroot")]
    public void What_names_no_server_is_refused(string text) => Assert.ThrowsAny<ArgumentException>(() => ConnectString.Parse(text));

    [Fact]
    public void Paths_go_below_the_chroot_and_come_back()
    {
        ConnectString connect = ConnectString.Parse("a:1/app");
        Assert.Equal("/app/x", connect.ToServer("/x"));
        Assert.Equal("/app", connect.ToServer("/"));
        Assert.Equal("/x", connect.ToClient("/app/x"));
        Assert.Equal("/", connect.ToClient("/app"));
    }
}
