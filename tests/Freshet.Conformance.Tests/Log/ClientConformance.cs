using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Log;

/// <summary>Clients in other languages that are not built on librdkafka, the same against Freshet and against Apache Kafka.</summary>
public abstract class ClientConformance
{
    protected abstract string BootstrapServers { get; }

    /// <summary>kafkajs speaks only the old encodings.</summary>
    [Fact]
    public Task Kafkajs() => RunAsync(
        Peers.Node, Peers.NodeModule("kafkajs"), "kafkajs_cases.js", "kafkajs is missing (npm install --prefix artifacts/node kafkajs)",
        "topics", "produce_and_consume", "a_group_goes_on_where_it_was", "groups", "two_members_share", "transactions");

    /// <summary>Platformatic's client speaks only the flexible ones.</summary>
    [Fact]
    public Task Platformatic() => RunAsync(
        Peers.Node, Peers.NodeModule("@platformatic/kafka"), "platformatic_cases.mjs", "@platformatic/kafka is missing (npm install --prefix artifacts/node @platformatic/kafka)",
        "topics", "produce_and_consume", "the_consumer_protocol", "groups");

    [Fact]
    public Task Kafka_python() => RunAsync(
        Peers.KafkaPython, null, "kafka_python_cases.py", "kafka-python is missing (Debian's python3-kafka)", "topics", "produce_and_consume", "offsets");

    private async Task RunAsync(string? program, string? module, string script, string missing, params string[] cases)
    {
        Assert.SkipWhen(program is null || (module is null && program == Peers.Node), $"{missing}: this test would run {string.Join(", ", cases)}.");
        string path = Path.Combine(RepositoryRoot.Path, "tests", "Freshet.Conformance.Tests", "Log", script);
        ProgramRun run = await ProgramRun.RunAsync(program!, [path, .. module is null ? [] : (string[])[module], BootstrapServers]);
        Assert.Equal("", run.Errors);
        Assert.Equal(cases.Select(name => $"ok {name}"), run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, run.ExitCode);
    }
}
