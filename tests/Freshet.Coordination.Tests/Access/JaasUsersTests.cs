using Freshet.Coordination.Access;
using Freshet.Tests.Support;

namespace Freshet.Coordination.Tests.Access;

public sealed class JaasUsersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Users_are_those_of_the_servers_section()
    {
        Dictionary<string, string> users = Read("""
            /* What QuorumServer {
               has is for servers */
            QuorumServer { user_peer="no"; };
            Server {
                // user_old="gone"
                org.apache.zookeeper.server.auth.DigestLoginModule required
                user_super="admin secret"
                user_bob = "b\"o\\b"
                other="user_none";
            };
            Client { username="bob" password="x"; user_late="no"; };
            """);
        Assert.Equal(new Dictionary<string, string> { ["super"] = "admin secret", ["bob"] = "b\"o\\b" }, users);
    }

    [Fact]
    public void The_section_may_have_another_name() =>
        Assert.Equal(["ann"], Read("Server { user_bob=\"x\"; }; My-Server { user_ann=\"y\"; };", "My-Server").Keys);

    [Theory]
    [InlineData("Client { user_bob=\"x\"; };", "Server")]
    [InlineData("Server { user_bob=\"x", "does not end")]
    [InlineData("", "Server")]
    public void A_file_that_makes_no_sense_is_refused(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => Read(text)).Message, StringComparison.Ordinal);

    private Dictionary<string, string> Read(string text, string section = "Server")
    {
        string path = Path.Combine(_folder.Path, "jaas.conf");
        File.WriteAllText(path, text);
        return JaasUsers.Read(path, section);
    }
}
