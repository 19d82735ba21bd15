using System.Net;
using Freshet.Coordination;
using Freshet.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freshet.Conformance.Tests.Coordination.Clients;

/// <summary>Apache ZooKeeper's Java client logs in to Freshet with SASL, both with the JAAS file of an existing deployment.</summary>
public sealed class ApacheSaslTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bobsecret", true)]
    [InlineData("guess", false)]
    public async Task The_java_client_is_let_in_with_the_right_password_only(string password, bool letIn)
    {
        Assert.SkipWhen(Peers.ZooKeeperShell is null, "Apache ZooKeeper's shell is missing: this test would log in with it.");
        string jaas = Path.Combine(_folder.Path, "jaas.conf");
        await File.WriteAllTextAsync(jaas, $$"""
            Server {
                org.apache.zookeeper.server.auth.DigestLoginModule required
                user_bob="bobsecret";
            };
            Client {
                org.apache.zookeeper.server.auth.DigestLoginModule required
                username="bob"
                password="{{password}}";
            };
            """);
        var options = new CoordinationOptions { DataDirectory = Path.Combine(_folder.Path, "data"), JaasFile = jaas, RequiredAuthenticationSchemes = ["sasl"] };
        CoordinationService service = await CoordinationService.StartAsync(options, NullLoggerFactory.Instance, TimeProvider.System);
        ListenOptions? endpoint = null;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, port => (endpoint = port).Run(service.ServeAsync)));
        await using WebApplication listener = builder.Build();
        await listener.StartAsync(TestContext.Current.CancellationToken);
        ProgramRun run = await ProgramRun.RunAsync(
            Peers.ZooKeeperShell!, [endpoint!.IPEndPoint!.ToString()], "create /bobs x sasl:bob:cdrwa\nget /bobs\nwhoami\nquit\n",
            ("JAVA_TOOL_OPTIONS", "-Dzookeeper.fips-mode=false -Djava.security.auth.login.config=" + jaas));
        await service.DisposeAsync(); // the listener waits for its connections
        string all = run.Output + run.Errors;
        Assert.Equal(letIn, all.Contains("Created /bobs", StringComparison.Ordinal));
        Assert.Equal(letIn, all.Contains("sasl: bob", StringComparison.Ordinal));
    }
}
