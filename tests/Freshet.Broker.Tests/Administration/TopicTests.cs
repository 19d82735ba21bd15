using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Freshet.Node;

namespace Freshet.Broker.Tests.Administration;

/// <summary>Confluent's admin client: topics, settings, groups.</summary>
public class TopicTests
{
    [Fact]
    public async Task A_topic_is_there_when_its_creation_is_answered_and_gone_when_its_deletion_is()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using IAdminClient admin = node.Admin();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = "t", NumPartitions = 3, ReplicationFactor = 1 }]);
        TopicMetadata topic = Assert.Single(admin.GetMetadata("t", KafkaClients.Patience).Topics);
        Assert.Equal((ErrorCode.NoError, 3), (topic.Error.Code, topic.Partitions.Count));
        Assert.All(topic.Partitions, partition => Assert.Equal(1, partition.Leader));
        await admin.DeleteTopicsAsync(["t"]);
        Assert.DoesNotContain(admin.GetMetadata(KafkaClients.Patience).Topics, known => known.Topic == "t");
    }

    [Fact]
    public async Task A_deleted_topic_that_is_created_again_is_empty()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using IAdminClient admin = node.Admin();
        for (int life = 0; life < 3; life++)
        {
            await node.CreateTopicAsync("t", 1);
            using IProducer<string, string> producer = node.Producer();
            DeliveryResult<string, string> delivered = await producer.ProduceAsync("t", new Message<string, string> { Key = "k", Value = "v" });
            Assert.Equal(0, delivered.Offset.Value);
            await admin.DeleteTopicsAsync(["t"]);
        }
    }

    [Theory]
    [InlineData("t", 1, 1, ErrorCode.TopicAlreadyExists)]
    [InlineData("a/b", 1, 1, ErrorCode.TopicException)]
    [InlineData("x", 0, 1, ErrorCode.InvalidPartitions)]
    [InlineData("x", 20_000, 1, ErrorCode.InvalidPartitions)]
    [InlineData("x", 1, 3, ErrorCode.InvalidReplicationFactor)]
    [InlineData("t.a", 1, 1, ErrorCode.NoError)]
    public async Task Creating_a_topic_that_cannot_be_is_refused_with_the_right_error(string name, int partitions, short replicas, ErrorCode expected)
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 1);
        using IAdminClient admin = node.Admin();
        Task creating = admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = replicas }]);
        if (expected == ErrorCode.NoError)
        {
            await creating;
            return;
        }

        CreateTopicsException refused = await Assert.ThrowsAsync<CreateTopicsException>(() => creating);
        Assert.Equal(expected, Assert.Single(refused.Results).Error.Code);
        Assert.False(string.IsNullOrEmpty(refused.Results[0].Error.Reason));
    }

    [Fact]
    public async Task Settings_of_a_topic_are_told_with_their_source()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using IAdminClient admin = node.Admin();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = "t", NumPartitions = 1, ReplicationFactor = 1, Configs = new() { ["retention.ms"] = "1000" } }]);
        DescribeConfigsResult described = Assert.Single(await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = "t" }]));
        Assert.Equal(("1000", ConfigSource.DynamicTopicConfig), (described.Entries["retention.ms"].Value, described.Entries["retention.ms"].Source));
        Assert.Equal(("delete", ConfigSource.DefaultConfig), (described.Entries["cleanup.policy"].Value, described.Entries["cleanup.policy"].Source));
        CreateTopicsException refused = await Assert.ThrowsAsync<CreateTopicsException>(() => admin.CreateTopicsAsync(
            [new TopicSpecification { Name = "u", NumPartitions = 1, ReplicationFactor = 1, Configs = new() { ["retention.ms"] = "soon" } }]));
        Assert.Equal(ErrorCode.InvalidConfig, refused.Results[0].Error.Code);
    }

    [Fact]
    public async Task A_topic_grows()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 1);
        using IAdminClient admin = node.Admin();
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = "t", IncreaseTo = 4 }]);
        Assert.Equal(4, Assert.Single(admin.GetMetadata("t", KafkaClients.Patience).Topics).Partitions.Count);
    }

    [Fact]
    public async Task The_cluster_and_its_groups_are_described()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 1);
        using IProducer<string, string> producer = node.Producer();
        await producer.ProduceAsync("t", new Message<string, string> { Key = "k", Value = "v" });
        using IConsumer<string, string> consumer = node.Consumer("g");
        consumer.Subscribe("t");
        consumer.Take(1);
        // A group without members and without offsets is nothing, and soon gone by itself.
        consumer.Commit();
        using IAdminClient admin = node.Admin();
        DescribeClusterResult cluster = await admin.DescribeClusterAsync();
        Assert.Equal(22, cluster.ClusterId.Length);
        Assert.Equal(1, cluster.Controller.Id);
        ListConsumerGroupsResult groups = await admin.ListConsumerGroupsAsync();
        Assert.Equal("g", Assert.Single(groups.Valid).GroupId);
        ConsumerGroupDescription group = Assert.Single((await admin.DescribeConsumerGroupsAsync(["g"])).ConsumerGroupDescriptions);
        Assert.Equal(ConsumerGroupState.Stable, group.State);
        Assert.Equal("t", Assert.Single(Assert.Single(group.Members).Assignment.TopicPartitions).Topic);
        consumer.Close();
        await admin.DeleteGroupsAsync(["g"]);
        Assert.Empty((await admin.ListConsumerGroupsAsync()).Valid);
    }
}
