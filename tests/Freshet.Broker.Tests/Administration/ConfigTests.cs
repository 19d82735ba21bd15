using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Freshet.Node;
using Freshet.Protocol.Kafka;
using Freshet.Tests.Support;
using ErrorCode = Confluent.Kafka.ErrorCode;
using ConfigSource = Confluent.Kafka.Admin.ConfigSource;

namespace Freshet.Broker.Tests.Administration;

/// <summary>Settings of topics and brokers, changed while both are in use.</summary>
public class ConfigTests
{
    private static readonly ConfigResource Topic = new() { Type = ResourceType.Topic, Name = "t" };
    private static readonly ConfigResource Broker = new() { Type = ResourceType.Broker, Name = "1" };

    [Fact]
    public async Task A_change_holds_for_running_partitions_at_once_and_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        var options = new FreshetNodeOptions { DataDirectory = folder.Path };
        await using (FreshetNode node = await FreshetNode.StartAsync(options))
        {
            await node.CreateTopicAsync("t", 1);
            using IAdminClient admin = node.Admin();
            using IProducer<string, string> producer = node.Producer();
            await producer.ProduceAsync("t", new Message<string, string> { Value = new string('x', 3000) });
            await AlterAsync(admin, Topic, ("max.message.bytes", "2000", AlterConfigOpType.Set));
            ProduceException<string, string> refused = await Assert.ThrowsAsync<ProduceException<string, string>>(
                () => producer.ProduceAsync("t", new Message<string, string> { Value = new string('x', 3000) }));
            Assert.Equal(ErrorCode.MsgSizeTooLarge, refused.Error.Code);
        }

        await using FreshetNode again = await FreshetNode.StartAsync(options);
        using IAdminClient reader = again.Admin();
        Assert.Equal(("2000", ConfigSource.DynamicTopicConfig), await ValueAsync(reader, Topic, "max.message.bytes"));
        await AlterAsync(reader, Topic, ("max.message.bytes", null, AlterConfigOpType.Delete));
        Assert.Equal(("1048588", ConfigSource.DefaultConfig), await ValueAsync(reader, Topic, "max.message.bytes"));
    }

    [Fact]
    public async Task A_list_is_added_to_and_taken_from()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 1);
        using IAdminClient admin = node.Admin();
        await AlterAsync(admin, Topic, ("cleanup.policy", "compact", AlterConfigOpType.Append));
        Assert.Equal("delete,compact", (await ValueAsync(admin, Topic, "cleanup.policy")).Value);
        await AlterAsync(admin, Topic, ("cleanup.policy", "delete", AlterConfigOpType.Subtract));
        Assert.Equal("compact", (await ValueAsync(admin, Topic, "cleanup.policy")).Value);
    }

    [Theory]
    [InlineData("no.such.setting", "1", AlterConfigOpType.Set)]
    [InlineData("retention.ms", "soon", AlterConfigOpType.Set)]
    [InlineData("retention.ms", "1", AlterConfigOpType.Append)]
    public async Task A_change_that_cannot_be_is_refused_and_changes_nothing(string name, string value, AlterConfigOpType operation)
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 1);
        using IAdminClient admin = node.Admin();
        IncrementalAlterConfigsException refused = await Assert.ThrowsAsync<IncrementalAlterConfigsException>(
            () => AlterAsync(admin, Topic, ("segment.ms", "5000", AlterConfigOpType.Set), (name, value, operation)));
        Assert.Equal(ErrorCode.InvalidConfig, Assert.Single(refused.Results).Error.Code);
        Assert.Equal(ConfigSource.DefaultConfig, (await ValueAsync(admin, Topic, "segment.ms")).Source);
    }

    [Fact]
    public async Task Validation_only_changes_nothing()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 1);
        using IAdminClient admin = node.Admin();
        await admin.IncrementalAlterConfigsAsync(
            new Dictionary<ConfigResource, List<ConfigEntry>> { [Topic] = [Entry("retention.ms", "5", AlterConfigOpType.Set)] }, new IncrementalAlterConfigsOptions { ValidateOnly = true });
        Assert.Equal(ConfigSource.DefaultConfig, (await ValueAsync(admin, Topic, "retention.ms")).Source);
    }

    [Fact]
    public async Task Replacing_all_settings_takes_back_what_is_not_named()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 1);
        using IAdminClient admin = node.Admin();
        await AlterAsync(admin, Topic, ("retention.ms", "5000", AlterConfigOpType.Set));
        await admin.AlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>> { [Topic] = [new ConfigEntry { Name = "segment.ms", Value = "7000" }] });
        Assert.Equal(ConfigSource.DefaultConfig, (await ValueAsync(admin, Topic, "retention.ms")).Source);
        Assert.Equal("7000", (await ValueAsync(admin, Topic, "segment.ms")).Value);
    }

    [Fact]
    public async Task A_topic_has_its_own_setting_else_the_brokers_else_that_of_all_brokers_else_the_one_given_at_the_start()
    {
        var options = new FreshetNodeOptions { ConfigureBroker = broker => broker.TopicDefaults["log.retention.hours"] = "2" };
        await using FreshetNode node = await FreshetNode.StartAsync(options);
        await node.CreateTopicAsync("t", 1);
        using IAdminClient admin = node.Admin();
        Assert.Equal(("7200000", ConfigSource.StaticBrokerConfig), await ValueAsync(admin, Topic, "retention.ms"));
        // Confluent's client names no "all brokers"; Kafka's own tools do.
        await AlterAsync(admin, Broker, ("log.retention.minutes", "3", AlterConfigOpType.Set));
        Assert.Equal(("180000", ConfigSource.DynamicBrokerConfig), await ValueAsync(admin, Topic, "retention.ms"));
        await AlterAsync(admin, Topic, ("retention.ms", "42", AlterConfigOpType.Set));
        DescribeConfigsResult described = Assert.Single(await admin.DescribeConfigsAsync([Topic]));
        Assert.Equal(
            [("retention.ms", "42"), ("log.retention.ms", "180000"), ("log.retention.ms", "7200000"), ("log.retention.ms", "604800000")],
            described.Entries["retention.ms"].Synonyms.Select(synonym => (synonym.Name, synonym.Value)));
        Assert.Equal(("180000", ConfigSource.DynamicBrokerConfig), await ValueAsync(admin, Broker, "log.retention.ms"));
    }

    [Fact]
    public async Task What_the_broker_was_started_with_cannot_be_changed_while_it_runs()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using IAdminClient admin = node.Admin();
        IncrementalAlterConfigsException refused = await Assert.ThrowsAsync<IncrementalAlterConfigsException>(
            () => AlterAsync(admin, Broker, ("log.dirs", "elsewhere", AlterConfigOpType.Set)));
        Assert.Equal(ErrorCode.InvalidRequest, Assert.Single(refused.Results).Error.Code);
        await Assert.ThrowsAsync<ArgumentException>(async () => await FreshetNode.StartAsync(
            new FreshetNodeOptions { ConfigureBroker = broker => broker.TopicDefaults["log.retention.hours"] = "never" }));
    }

    [Fact]
    public async Task Settings_come_with_their_documentation_when_asked()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 1);
        using WireClient client = await WireClient.ConnectAsync(node);
        byte[] body = await client.AskAsync(ApiKey.DescribeConfigs, 4, (ref KafkaWriter writer) =>
        {
            writer.WriteLength(1);
            writer.WriteInt8(2);
            writer.WriteString("t");
            writer.WriteLength(1);
            writer.WriteString("retention.ms");
            writer.WriteNoTags();
            writer.WriteBool(false);
            writer.WriteBool(true);
            writer.WriteNoTags();
        });
        Assert.Contains("Age at which segments are deleted", System.Text.Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }

    private static async Task AlterAsync(IAdminClient admin, ConfigResource resource, params (string Name, string? Value, AlterConfigOpType Operation)[] changes) =>
        await admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>>
        {
            [resource] = [.. changes.Select(change => Entry(change.Name, change.Value, change.Operation))],
        });

    private static ConfigEntry Entry(string name, string? value, AlterConfigOpType operation) => new() { Name = name, Value = value, IncrementalOperation = operation };

    private static async Task<(string Value, ConfigSource Source)> ValueAsync(IAdminClient admin, ConfigResource resource, string name)
    {
        ConfigEntryResult entry = Assert.Single(await admin.DescribeConfigsAsync([resource])).Entries[name];
        return (entry.Value, entry.Source);
    }
}
