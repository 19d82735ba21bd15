using System.Threading.Channels;
using Freshet.Coordination.Client;
using Freshet.Protocol.Jute;
using Freshet.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Freshet.Conformance.Tests.Coordination.Recipes;

/// <summary>The configuration provider, on any ZooKeeper-compatible server.</summary>
public abstract class ConfigurationConformance : ConformanceCase
{
    private readonly Channel<Exception> _faults = Channel.CreateUnbounded<Exception>();

    [Fact]
    public async Task Keys_are_those_of_a_json_file_and_follow_the_znode()
    {
        CoordinationClient client = await ConnectAsync();
        await client.CreateAsync(Root, """{ "Shop": { "Open": true, "Limits": [1, 2.5, null], /* why */ "Name": "x", } }"""u8.ToArray());
        using ConfigurationRoot configuration = Build(ConnectString);
        Assert.Equal(["True", "1", "2.5", null, "x"], new[] { "Shop:Open", "Shop:Limits:0", "shop:limits:1", "Shop:Limits:2", "SHOP:NAME" }.Select(key => configuration[key]));
        await ChangedAsync(configuration, () => client.SetDataAsync(Root, """{"Shop":{"Name":"y"}}"""u8.ToArray()).AsTask());
        Assert.Equal(("y", null), (configuration["Shop:Name"], configuration["Shop:Open"]));
        configuration.Reload();
        Assert.Equal("y", configuration["Shop:Name"]);
    }

    [Fact]
    public async Task A_missing_znode_stops_the_start_unless_it_is_optional()
    {
        CoordinationClient client = await ConnectAsync();
        InvalidOperationException missing = Assert.Throws<InvalidOperationException>(() => Build(ConnectString));
        Assert.Contains(Root, missing.Message, StringComparison.Ordinal);
        using ConfigurationRoot configuration = Build(ConnectString, optional: true);
        Assert.Null(configuration["a"]);
        await ChangedAsync(configuration, () => client.CreateAsync(Root, """{"a":"1"}"""u8.ToArray()).AsTask());
        Assert.Equal("1", configuration["a"]);
        await ChangedAsync(configuration, () => client.DeleteAsync(Root).AsTask());
        Assert.Null(configuration["a"]);
    }

    [Theory]
    [InlineData("{ no json")]
    [InlineData("[1]")]
    [InlineData("""{"a":1,"A":2}""")]
    public async Task A_broken_document_stops_the_start_but_not_a_running_program(string broken)
    {
        CoordinationClient client = await ConnectAsync();
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(broken);
        await client.CreateAsync(Root, bytes);
        FormatException fault = Assert.Throws<FormatException>(() => Build(ConnectString, optional: true));
        Assert.Contains(Root, fault.Message, StringComparison.Ordinal);
        await client.SetDataAsync(Root, """{"a":"good"}"""u8.ToArray());
        using ConfigurationRoot configuration = Build(ConnectString);
        await client.SetDataAsync(Root, bytes);
        Assert.IsType<FormatException>(await _faults.Reader.ReadAsync().AsTask().WaitAsync(Patience));
        Assert.Equal("good", configuration["a"]);
        await ChangedAsync(configuration, () => client.SetDataAsync(Root, """{"a":"better"}"""u8.ToArray()).AsTask());
        Assert.Equal("better", configuration["a"]);
    }

    [Fact]
    public async Task Following_goes_on_when_the_session_expires()
    {
        await using var proxy = new TcpProxy(ConnectString);
        CoordinationClient client = await ConnectAsync();
        await client.CreateAsync(Root, """{"a":"before"}"""u8.ToArray());
        using ConfigurationRoot configuration = Build(proxy.Address);
        // A session that loses its connection at the same moment and lives longer: when it has expired, the provider's has too.
        CoordinationClient longer = await ConnectAsync(proxy.Address, TimeSpan.FromSeconds(7));
        await longer.CreateAsync($"{Root}-longer", mode: CreateMode.Ephemeral);
        using var gone = new ZnodeWatch();
        await client.ExistsAsync($"{Root}-longer", gone);
        proxy.Refuse();
        await gone.Fired.WaitAsync(Patience);
        await ChangedAsync(configuration, async () =>
        {
            await client.SetDataAsync(Root, """{"a":"after"}"""u8.ToArray());
            proxy.Allow();
        });
        Assert.Equal("after", configuration["a"]);
    }

    [Fact]
    public async Task A_listener_that_throws_does_not_stop_the_following()
    {
        CoordinationClient client = await ConnectAsync();
        await client.CreateAsync(Root, """{"a":"1"}"""u8.ToArray());
        using ConfigurationRoot configuration = Build(ConnectString);
        using (configuration.GetReloadToken().RegisterChangeCallback(_ => throw new InvalidOperationException("a listener's own fault"), null))
        {
            await client.SetDataAsync(Root, """{"a":"2"}"""u8.ToArray());
            Assert.IsType<AggregateException>(await _faults.Reader.ReadAsync().AsTask().WaitAsync(Patience));
        }

        await ChangedAsync(configuration, () => client.SetDataAsync(Root, """{"a":"3"}"""u8.ToArray()).AsTask());
        Assert.Equal("3", configuration["a"]);
    }

    [Fact]
    public void Nobody_answering_stops_the_start_unless_it_is_optional()
    {
        Assert.NotEmpty(ConnectString);
        Assert.Throws<TimeoutException>(() => Build("127.0.0.1:1", loadTimeout: TimeSpan.FromMilliseconds(200)));
        using ConfigurationRoot configuration = Build("127.0.0.1:1", optional: true, loadTimeout: TimeSpan.FromMilliseconds(200));
        Assert.Null(configuration["a"]);
        Assert.Throws<ArgumentException>(() => Build("127.0.0.1:x"));
    }

    [Fact]
    public async Task A_znode_that_is_not_for_everybody_needs_the_credentials_of_the_client_options()
    {
        CoordinationClient owner = await ConnectAsync();
        await owner.AddAuthAsync("digest", "shop:secret"u8.ToArray());
        await owner.CreateAsync(Root, """{"a":"1"}"""u8.ToArray(), acl: [new Acl(AclPermissions.All, "auth", "")]);
        Assert.Equal(ErrorCode.NoAuth, Assert.Throws<CoordinationException>(() => Build(ConnectString)).Error);
        using ConfigurationRoot configuration = Build(ConnectString, credentials: ClientCredential.Digest("shop", "secret"));
        Assert.Equal("1", configuration["a"]);
        Assert.Equal(ErrorCode.AuthFailed, Assert.Throws<CoordinationException>(() => Build(ConnectString, credentials: new ClientCredential("nonsense", default))).Error);
    }

    private static async Task ChangedAsync(ConfigurationRoot configuration, Func<Task> change)
    {
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable listening = ChangeToken.OnChange(configuration.GetReloadToken, () => changed.TrySetResult());
        await change();
        await changed.Task.WaitAsync(Patience);
    }

    private ConfigurationRoot Build(string address, bool optional = false, TimeSpan? loadTimeout = null, params ClientCredential[] credentials) =>
        (ConfigurationRoot)new ConfigurationBuilder().AddCoordination(source =>
        {
            source.Client = new CoordinationClientOptions { ConnectString = address, SessionTimeout = TimeSpan.FromSeconds(1), Credentials = credentials };
            source.Path = Root;
            source.Optional = optional;
            source.LoadTimeout = loadTimeout ?? Patience;
            source.OnFault = fault => _faults.Writer.TryWrite(fault);
        }).Build();
}
