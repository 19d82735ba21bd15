using System.Globalization;
using Confluent.Kafka;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Log;

/// <summary>Kafka's tools for elections, moves of partitions, features and registrations, the same against Freshet and Apache Kafka.</summary>
public abstract class OperatorToolConformance
{
    private readonly string _topic = $"operators-{Guid.NewGuid():N}";

    protected abstract string BootstrapServers { get; }

    [Fact]
    public async Task A_preferred_leader_that_leads_is_not_elected_again()
    {
        await CreateTopicAsync();
        string told = await RunAsync("leader-election", "--election-type", "preferred", "--topic", _topic, "--partition", "0");
        Assert.Contains($"Valid replica already elected for partitions {_topic}-0", told, StringComparison.Ordinal);
        await RunAsync("leader-election", "--election-type", "preferred", "--all-topic-partitions");
        string missing = await FailAsync("leader-election", "--election-type", "unclean", "--topic", _topic, "--partition", "7");
        Assert.Contains("UnknownTopicOrPartitionException", missing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partition_is_moved_to_where_it_is()
    {
        await CreateTopicAsync();
        using var folder = new TemporaryFolder();
        string plan = Path.Combine(folder.Path, "plan.json");
        await File.WriteAllTextAsync(plan, $$"""{"version":1,"partitions":[{"topic":"{{_topic}}","partition":0,"replicas":[{{BrokerId()}}]}]}""");
        Assert.Contains($"Successfully started partition reassignment for {_topic}-0", await RunAsync("reassign", "--reassignment-json-file", plan, "--execute"), StringComparison.Ordinal);
        Assert.Contains($"Reassignment of partition {_topic}-0 is completed.", await RunAsync("reassign", "--reassignment-json-file", plan, "--verify"), StringComparison.Ordinal);
        Assert.Contains("None of the specified partition reassignments are active.", await RunAsync("reassign", "--reassignment-json-file", plan, "--cancel"), StringComparison.Ordinal);
        Assert.Contains("No partition reassignments found.", await RunAsync("reassign", "--list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partition_is_not_moved_to_a_folder_that_is_not_there()
    {
        await CreateTopicAsync();
        using var folder = new TemporaryFolder();
        string plan = Path.Combine(folder.Path, "plan.json");
        await File.WriteAllTextAsync(
            plan, $$"""{"version":1,"partitions":[{"topic":"{{_topic}}","partition":0,"replicas":[{{BrokerId()}}],"log_dirs":["/no/such/folder"]}]}""");
        Assert.Contains("LogDirNotFoundException", await FailAsync("reassign", "--reassignment-json-file", plan, "--execute"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Features_are_told_and_keep_their_level()
    {
        string[] told = (await RunAsync("features", "describe")).Split('\n');
        Assert.Contains(told, line => line.Contains("group.version", StringComparison.Ordinal) && line.Contains("FinalizedVersionLevel: 1", StringComparison.Ordinal));
        Assert.Contains(told, line => line.Contains("transaction.version", StringComparison.Ordinal) && line.Contains("FinalizedVersionLevel: 2", StringComparison.Ordinal));
        Assert.Contains("group.version was upgraded to 1.", await RunAsync("features", "upgrade", "--feature", "group.version=1"), StringComparison.Ordinal);
        Assert.Contains("Could not upgrade nosuch to 1.", await FailAsync("features", "upgrade", "--feature", "nosuch=1"), StringComparison.Ordinal);
        Assert.Contains("Could not upgrade group.version to 9.", await FailAsync("features", "upgrade", "--feature", "group.version=9"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Brokers_are_listed_with_the_fenced_ones_and_one_that_is_not_there_is_not_forgotten()
    {
        string[] brokers = (await RunAsync("cluster", "list-endpoints", "--include-fenced-brokers")).Split('\n');
        Assert.Contains(brokers, line => line.Contains("unfenced", StringComparison.Ordinal) && line.StartsWith(BrokerId().ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        Assert.Contains("BrokerIdNotRegisteredException", await FailAsync("cluster", "unregister", "--id", "77"), StringComparison.Ordinal);
    }

    private int BrokerId()
    {
        using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers }).Build();
        return Assert.Single(admin.GetMetadata(TimeSpan.FromSeconds(30)).Brokers).BrokerId;
    }

    private Task<string> CreateTopicAsync() => RunAsync("topics", "--create", "--topic", _topic, "--partitions", "1");

    /// <summary>Runs a tool that succeeds.</summary>
    private async Task<string> RunAsync(params string[] arguments)
    {
        ProgramRun run = await StartAsync(arguments);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', arguments)} ended with {run.ExitCode}: {run.Output}{run.Errors}");
        return run.Output;
    }

    /// <summary>Runs a tool that fails, or says that it did.</summary>
    private async Task<string> FailAsync(params string[] arguments)
    {
        ProgramRun run = await StartAsync(arguments);
        return run.Output + run.Errors;
    }

    private Task<ProgramRun> StartAsync(string[] arguments)
    {
        Assert.SkipWhen(Peers.KafkaTool is null, "Apache Kafka's tools are missing: this test would run them against the broker.");
        // Most tools take the server after their name, those with commands of their own after the command.
        int at = arguments[0] == "cluster" ? 2 : 1;
        return ProgramRun.RunAsync(Peers.KafkaTool!, [.. arguments[..at], "--bootstrap-server", BootstrapServers, .. arguments[at..]]);
    }
}
