using System.Diagnostics;
using Confluent.Kafka;
using Freshet.Tests.Support;
using SecurityProtocol = Confluent.Kafka.SecurityProtocol;

namespace Freshet.Conformance.Tests.Log;

/// <summary>Kafka's own tools for rules, credentials and quotas, and kcat signing in, the same against Freshet and Apache Kafka.</summary>
public abstract class AccessToolConformance
{
    private readonly string _name = $"n-{Guid.NewGuid():N}";

    /// <summary>Address of a listener where nobody is asked and everybody may do everything.</summary>
    protected abstract string BootstrapServers { get; }

    /// <summary>Address of a listener with SASL.</summary>
    protected abstract string SaslBootstrapServers { get; }

    [Fact]
    public async Task Rules_are_added_listed_and_removed()
    {
        await KafkaAsync("acls", "--add", "--allow-principal", "User:alice", "--operation", "Read", "--operation", "Describe", "--topic", _name, "--resource-pattern-type", "prefixed");
        string listed = await KafkaAsync("acls", "--list", "--topic", _name, "--resource-pattern-type", "match");
        Assert.Contains("principal=User:alice, host=*, operation=READ, permissionType=ALLOW", listed, StringComparison.Ordinal);
        Assert.Contains("operation=DESCRIBE", listed, StringComparison.Ordinal);
        await KafkaAsync("acls", "--remove", "--force", "--topic", _name, "--resource-pattern-type", "prefixed");
        Assert.DoesNotContain("alice", await KafkaAsync("acls", "--list", "--topic", _name, "--resource-pattern-type", "match"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_gets_credentials_and_quotas_and_signs_in()
    {
        await KafkaAsync("configs", "--alter", "--entity-type", "users", "--entity-name", _name, "--add-config", "SCRAM-SHA-256=[iterations=4096,password=secret]");
        await KafkaAsync("configs", "--alter", "--entity-type", "users", "--entity-name", _name, "--add-config", "producer_byte_rate=1000000");
        string described = await KafkaAsync("configs", "--describe", "--entity-type", "users", "--entity-name", _name);
        Assert.Contains("producer_byte_rate=1000000", described, StringComparison.Ordinal);
        Assert.Contains("SCRAM-SHA-256=iterations=4096", described, StringComparison.Ordinal);
        using IAdminClient client = new AdminClientBuilder(new AdminClientConfig
        {
            BootstrapServers = SaslBootstrapServers,
            SecurityProtocol = SecurityProtocol.SaslPlaintext,
            SaslMechanism = SaslMechanism.ScramSha256,
            SaslUsername = _name,
            SaslPassword = "secret",
        }).Build();
        Assert.Single(client.GetMetadata(TimeSpan.FromSeconds(30)).Brokers);
    }

    [Fact]
    public async Task Records_of_a_topic_that_may_not_be_seen_are_not_deleted()
    {
        await KafkaAsync("topics", "--create", "--topic", _name, "--partitions", "1");
        string config = Path.GetTempFileName();
        string offsets = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                config, """
                security.protocol=SASL_PLAINTEXT
                sasl.mechanism=PLAIN
                sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="user" password="user";
                """);
            await File.WriteAllTextAsync(offsets, $$"""{"version":1,"partitions":[{"topic":"{{_name}}","partition":0,"offset":-1}]}""");
            string told = await RunAsync(
                Peers.KafkaTool!, "delete-records", "--bootstrap-server", SaslBootstrapServers, "--command-config", config, "--offset-json-file", offsets);
            Assert.Contains("TopicAuthorizationException", told, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(config);
            File.Delete(offsets);
        }
    }

    [Fact]
    public async Task Kcat_signs_in_by_password()
    {
        Assert.SkipWhen(Peers.Kcat is null, "kcat is missing: this test would run it against the broker.");
        string listing = await RunAsync(
            Peers.Kcat!, "-L", "-b", SaslBootstrapServers, "-X", "security.protocol=SASL_PLAINTEXT", "-X", "sasl.mechanism=PLAIN", "-X", "sasl.username=admin", "-X", "sasl.password=admin");
        Assert.Contains(SaslBootstrapServers, listing, StringComparison.Ordinal);
    }

    private Task<string> KafkaAsync(string tool, params string[] arguments)
    {
        Assert.SkipWhen(Peers.KafkaTool is null, "Apache Kafka's tools are missing: this test would run them against the broker.");
        return RunAsync(Peers.KafkaTool!, [tool, "--bootstrap-server", BootstrapServers, .. arguments]);
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            Assert.True(process.ExitCode == 0, $"{Path.GetFileName(program)} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
            return await output;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}

public sealed class FreshetAccessToolConformance(GuardedFreshetBroker broker) : AccessToolConformance, IClassFixture<GuardedFreshetBroker>
{
    protected override string BootstrapServers => broker.Bootstrap;

    protected override string SaslBootstrapServers => broker.SaslBootstrap;
}

public sealed class ApacheKafkaAccessToolConformance(GuardedApacheKafka broker) : AccessToolConformance, IClassFixture<GuardedApacheKafka>
{
    protected override string BootstrapServers => broker.Required.BootstrapServers;

    protected override string SaslBootstrapServers => broker.Required.SaslBootstrapServers;
}
