using Freshet.Coordination.Client;
using Freshet.Node;
using Freshet.Protocol.Jute;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Coordination.Clients;

/// <summary>Our client logs in with SASL DIGEST-MD5, to Freshet and to Apache ZooKeeper.</summary>
public sealed class ClientSaslTests : IDisposable
{
    private static readonly ClientCredential Bob = ClientCredential.Sasl("bob", "bob\"sec:ret\\");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Where_it_is_required_only_users_get_in_and_stay_so_across_connections()
    {
        await using FreshetNode node = await StartAsync(options => options.RequiredAuthenticationSchemes = ["sasl"]);
        await using var proxy = new TcpProxy(node.CoordinationConnectString!);
        await using CoordinationClient client = await ConnectAsync(proxy.Address, Bob, ClientCredential.Digest("ann", "secret"));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(["ann", "bob"], (await client.WhoAmIAsync()).Where(identity => identity.Scheme != "ip").Select(identity => identity.User).Order());
            proxy.Refuse();
            await StateAsync(client, state => state == ConnectionState.Connecting);
            proxy.Allow();
            await StateAsync(client, state => state == ConnectionState.Connected);
        }

        CoordinationException refused = await Assert.ThrowsAsync<CoordinationException>(() => ConnectAsync(proxy.Address, ClientCredential.Sasl("bob", "guess")));
        Assert.Equal(ErrorCode.SessionClosedRequireSaslAuth, refused.Error);
        await using CoordinationClient stranger = await ConnectAsync(proxy.Address);
        refused = await Assert.ThrowsAsync<CoordinationException>(() => stranger.ExistsAsync("/").AsTask());
        Assert.Equal(ErrorCode.SessionClosedRequireSaslAuth, refused.Error);
        await StateAsync(stranger, state => state == ConnectionState.AuthFailed);
    }

    [Fact]
    public async Task Names_and_passwords_may_have_any_characters()
    {
        await using FreshetNode node = await StartAsync(options => options.SaslUsers = new Dictionary<string, string> { ["jö\"r\\g"] = "größe", ["ユーザ"] = "秘密" });
        await using CoordinationClient client = await ConnectAsync(node.CoordinationConnectString!, ClientCredential.Sasl("jö\"r\\g", "größe"), ClientCredential.Sasl("ユーザ", "秘密"));
        Assert.Equal(["jö\"r\\g", "ユーザ"], (await client.WhoAmIAsync()).Where(identity => identity.Scheme == "sasl").Select(identity => identity.User));
        await Assert.ThrowsAsync<ArgumentException>(() => client.AddAuthAsync("sasl", default).AsTask());
    }

    [Fact]
    public async Task Apache_ZooKeeper_lets_it_in_too()
    {
        Assert.SkipUnless(ApacheZooKeeper.IsPresent, "Apache ZooKeeper is missing: this test would log in to it.");
        string jaas = Path.Combine(_folder.Path, "jaas.conf");
        await File.WriteAllTextAsync(jaas, """Server { org.apache.zookeeper.server.auth.DigestLoginModule required user_bob="bob\"sec:ret\\"; };""");
        await using ApacheZooKeeper server = await ApacheZooKeeper.StartAsync(
            dataDirectory: null, "-Djava.security.auth.login.config=" + jaas, "-Dzookeeper.fips-mode=false", "authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider");
        await using CoordinationClient client = await ConnectAsync(server.ConnectString, Bob);
        await client.CreateAsync("/bobs", acl: [new Acl(AclPermissions.All, "sasl", "bob")]);
        await client.SetDataAsync("/bobs", default);
        CoordinationException refused = await Assert.ThrowsAsync<CoordinationException>(() => ConnectAsync(server.ConnectString, ClientCredential.Sasl("bob", "guess")));
        Assert.Equal(ErrorCode.AuthFailed, refused.Error);
        await using CoordinationClient stranger = await ConnectAsync(server.ConnectString);
        Assert.Equal(ErrorCode.NoAuth, (await Assert.ThrowsAsync<CoordinationException>(() => stranger.SetDataAsync("/bobs", default).AsTask())).Error);
    }

    private static ValueTask<FreshetNode> StartAsync(Action<Freshet.Coordination.CoordinationOptions> configure) => FreshetNode.StartAsync(new FreshetNodeOptions
    {
        Broker = false,
        ConfigureCoordination = options =>
        {
            options.SaslUsers = new Dictionary<string, string> { ["bob"] = "bob\"sec:ret\\" };
            configure(options);
        },
    });

    private static Task<CoordinationClient> ConnectAsync(string address, params ClientCredential[] credentials) =>
        CoordinationClient.ConnectAsync(new CoordinationClientOptions { ConnectString = address, Credentials = credentials }).AsTask();

    private static async Task StateAsync(CoordinationClient client, Func<ConnectionState, bool> wanted)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (ConnectionState state in client.StatesAsync(deadline.Token))
        {
            if (wanted(state))
            {
                return;
            }
        }

        Assert.Fail($"The session ended as {client.State}.");
    }
}
