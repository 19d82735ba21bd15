using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Freshet.Node;
using Freshet.Protocol.Kafka;
using Freshet.Tests.Support;
using ConfigSource = Confluent.Kafka.Admin.ConfigSource;

namespace Freshet.Broker.Tests.Groups;

/// <summary>Settings that a group has of its own.</summary>
public class GroupSettingsTests
{
    private const string Session = "consumer.session.timeout.ms";
    private const string Heartbeat = "consumer.heartbeat.interval.ms";
    private static readonly ConfigResource Group = new() { Type = ResourceType.Group, Name = "g/1 <default>" };

    [Fact]
    public async Task A_group_has_the_brokers_settings_until_it_has_its_own_also_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        var options = new FreshetNodeOptions { DataDirectory = folder.Path };
        await using (FreshetNode node = await FreshetNode.StartAsync(options, new TestLog()))
        {
            await node.CreateTopicAsync("t", 1);
            using IAdminClient admin = node.Admin();
            Assert.Equal(("45000", ConfigSource.StaticBrokerConfig), await ValueAsync(admin, Session));
            await AlterAsync(admin, (Session, "50000", AlterConfigOpType.Set), (Heartbeat, "6000", AlterConfigOpType.Set));
            Assert.Equal("50000", (await ValueAsync(admin, Session)).Value);
        }

        await using FreshetNode again = await FreshetNode.StartAsync(options, new TestLog());
        using IAdminClient reader = again.Admin();
        Assert.Equal("50000", (await ValueAsync(reader, Session)).Value);
        Assert.Equal([Group.Name], await WithSettingsAsync(again));
        await again.CommitAsync(Group.Name, new TopicPartitionOffset("t", 0, 0));
        Assert.Equal((1, 6000), await HeartbeatAsync(again, epoch: 0));
        await AlterAsync(reader, (Session, null, AlterConfigOpType.Delete), (Heartbeat, null, AlterConfigOpType.Delete));
        Assert.Equal(("45000", ConfigSource.StaticBrokerConfig), await ValueAsync(reader, Session));
        Assert.Empty(await WithSettingsAsync(again));
    }

    [Theory]
    [InlineData(Session, "44999", AlterConfigOpType.Set, "from 45000 to 60000")]
    [InlineData(Session, "60001", AlterConfigOpType.Set, "from 45000 to 60000")]
    [InlineData(Session, "soon", AlterConfigOpType.Set, "number of milliseconds")]
    [InlineData(Session, "50000", AlterConfigOpType.Append, "not a list")]
    [InlineData(Heartbeat, "15001", AlterConfigOpType.Set, "from 5000 to 15000")]
    [InlineData("share.session.timeout.ms", "50000", AlterConfigOpType.Set, "have no setting")]
    public async Task A_setting_that_cannot_be_is_refused(string name, string value, AlterConfigOpType operation, string reason)
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using IAdminClient admin = node.Admin();
        var refused = await Assert.ThrowsAsync<IncrementalAlterConfigsException>(() => AlterAsync(admin, (name, value, operation)));
        Assert.Contains(reason, refused.Results[0].Error.Reason, StringComparison.Ordinal);
        Assert.Equal("45000", (await ValueAsync(admin, Session)).Value);
    }

    [Fact]
    public async Task Heartbeats_must_come_more_often_than_sessions_end()
    {
        await using FreshetNode node = await FreshetNode.StartAsync(
            new FreshetNodeOptions { ConfigureBroker = broker => broker.GroupConsumerMinSessionTimeout = TimeSpan.FromSeconds(1) }, new TestLog());
        using IAdminClient admin = node.Admin();
        var refused = await Assert.ThrowsAsync<IncrementalAlterConfigsException>(
            () => AlterAsync(admin, (Session, "6000", AlterConfigOpType.Set), (Heartbeat, "6000", AlterConfigOpType.Set)));
        Assert.Contains("must be shorter", refused.Results[0].Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shorter_session_holds_for_members_that_are_there_already()
    {
        await using FreshetNode node = await FreshetNode.StartAsync(
            new FreshetNodeOptions
            {
                ConfigureBroker = broker =>
                {
                    Crowd.Configure(broker);
                    broker.GroupConsumerSessionTimeout = TimeSpan.FromHours(1);
                    broker.GroupConsumerMinSessionTimeout = TimeSpan.FromSeconds(1);
                },
            },
            new TestLog());
        await node.CreateTopicAsync("t", 1);
        using IProducer<string, string> producer = node.Producer();
        await producer.ProduceAsync("t", new Message<string, string> { Value = "0" });
        await node.CommitAsync(Group.Name, new TopicPartitionOffset("t", 0, 0));
        Assert.Equal((1, 100), await HeartbeatAsync(node, epoch: 0));
        using IAdminClient admin = node.Admin();
        await AlterAsync(admin, (Session, "1000", AlterConfigOpType.Set));
        Assert.Equal((1, 100), await HeartbeatAsync(node, epoch: 1));

        // It is not heard of again. By the broker's setting its partition would stay with it for an hour.
        using IConsumer<string, string> next = node.Consumer(Group.Name, config =>
        {
            config.GroupProtocol = GroupProtocol.Consumer;
            config.SessionTimeoutMs = null;
            config.HeartbeatIntervalMs = null;
        });
        next.Subscribe("t");
        Assert.Equal("0", next.Take(1)[0].Message.Value);
        next.Close();
    }

    private static async Task AlterAsync(IAdminClient admin, params (string Name, string? Value, AlterConfigOpType Operation)[] changes) =>
        await admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>>
        {
            [Group] = [.. changes.Select(change => new ConfigEntry { Name = change.Name, Value = change.Value, IncrementalOperation = change.Operation })],
        });

    private static async Task<(string Value, ConfigSource Source)> ValueAsync(IAdminClient admin, string name)
    {
        ConfigEntryResult entry = Assert.Single(await admin.DescribeConfigsAsync([Group])).Entries[name];
        return (entry.Value, entry.Source);
    }

    private static async Task<string[]> WithSettingsAsync(FreshetNode node)
    {
        using WireClient client = await WireClient.ConnectAsync(node);
        byte[] body = await client.AskAsync(ApiKey.ListConfigResources, 1, (ref KafkaWriter writer) =>
        {
            writer.WriteLength(1);
            writer.WriteInt8(32);
            writer.WriteNoTags();
        });
        KafkaReader reader = WireClient.Reader(ApiKey.ListConfigResources, 1, body);
        reader.ReadInt32();
        Assert.Equal(0, reader.ReadInt16());
        var names = new string[reader.ReadCount()];
        for (int index = 0; index < names.Length; index++)
        {
            names[index] = reader.ReadString();
            reader.ReadInt8();
            reader.SkipTags();
        }

        return names;
    }

    /// <summary>A heartbeat of a member that reads the topic "t".</summary>
    private static async Task<(int Epoch, int IntervalMs)> HeartbeatAsync(FreshetNode node, int epoch)
    {
        using WireClient client = await WireClient.ConnectAsync(node);
        byte[] body = await client.AskAsync(ApiKey.ConsumerGroupHeartbeat, 1, (ref KafkaWriter writer) =>
        {
            writer.WriteString(Group.Name);
            writer.WriteString("member");
            writer.WriteInt32(epoch);
            writer.WriteString(null);
            writer.WriteString(null);
            writer.WriteInt32(60_000);
            writer.WriteStringArray(["t"]);
            writer.WriteString(null);
            writer.WriteString(null);
            writer.WriteLength(0);
            writer.WriteNoTags();
        });
        KafkaReader reader = WireClient.Reader(ApiKey.ConsumerGroupHeartbeat, 1, body);
        reader.ReadInt32();
        Assert.Equal(0, reader.ReadInt16());
        reader.ReadNullableString();
        reader.ReadNullableString();
        return (reader.ReadInt32(), reader.ReadInt32());
    }
}
