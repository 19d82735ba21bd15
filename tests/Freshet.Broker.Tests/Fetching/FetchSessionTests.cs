using Confluent.Kafka;
using Freshet.Node;
using ErrorCode = Freshet.Protocol.Kafka.ErrorCode;

namespace Freshet.Broker.Tests.Fetching;

/// <summary>Fetch sessions (KIP-227) and topic ids, request by request.</summary>
public class FetchSessionTests
{
    [Theory]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(18)]
    public async Task A_session_answers_only_what_is_new(short version)
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using WireClient client = await WireClient.ConnectAsync(node);
        Wanted[] wanted = await TopicAsync(node, "t", 3);
        Fetched first = await client.FetchAsync(version, 0, 0, wanted);
        Assert.Equal((ErrorCode.None, 3), (first.Error, first.Partitions.Count));
        Assert.NotEqual(0, first.SessionId);

        Fetched nothing = await client.FetchAsync(version, first.SessionId, 1, []);
        Assert.Equal((first.SessionId, 0), (nothing.SessionId, nothing.Partitions.Count));

        await ProduceAsync(node, "t", 1);
        Got news = Assert.Single((await client.FetchAsync(version, first.SessionId, 2, [])).Partitions);
        Assert.Equal((1, 1, ErrorCode.None), (news.Partition, news.HighWatermark, news.Error));
        Assert.True(news.RecordBytes > 0);

        // The client reads on behind it: again nothing is new.
        Assert.Empty((await client.FetchAsync(version, first.SessionId, 3, [wanted[1] with { Offset = 1 }])).Partitions);
    }

    [Fact]
    public async Task Partitions_are_forgotten_and_added()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using WireClient client = await WireClient.ConnectAsync(node);
        Wanted[] wanted = await TopicAsync(node, "t", 3);
        int session = (await client.FetchAsync(12, 0, 0, wanted[..2])).SessionId;
        Assert.Equal(2, Assert.Single((await client.FetchAsync(12, session, 1, [wanted[2]], [wanted[0]])).Partitions).Partition);
        await ProduceAsync(node, "t", 0);
        await ProduceAsync(node, "t", 2);
        Assert.Equal(2, Assert.Single((await client.FetchAsync(12, session, 2, [])).Partitions).Partition);
        // Nothing left: the session is over.
        Assert.Equal(0, (await client.FetchAsync(12, session, 3, [], [wanted[1], wanted[2]])).SessionId);
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, (await client.FetchAsync(12, session, 4, [])).Error);
    }

    [Fact]
    public async Task A_wrong_session_epoch_or_kind_of_names_is_refused()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using WireClient client = await WireClient.ConnectAsync(node);
        Wanted[] wanted = await TopicAsync(node, "t", 1);
        int session = (await client.FetchAsync(13, 0, 0, wanted)).SessionId;
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, (await client.FetchAsync(13, session ^ 1, 1, [])).Error);
        Assert.Equal(ErrorCode.InvalidFetchSessionEpoch, (await client.FetchAsync(13, session, 2, [])).Error);
        Assert.Equal(ErrorCode.FetchSessionTopicIdError, (await client.FetchAsync(12, session, 1, [])).Error);
        Assert.Equal(ErrorCode.None, (await client.FetchAsync(13, session, 1, [])).Error);
        // Epoch -1 ends it.
        Assert.Equal(0, (await client.FetchAsync(13, session, -1, wanted)).SessionId);
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, (await client.FetchAsync(13, session, 2, [])).Error);
    }

    [Fact]
    public async Task Every_partition_of_a_session_gets_its_turn()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using WireClient client = await WireClient.ConnectAsync(node);
        Wanted[] wanted = await TopicAsync(node, "t", 3);
        for (int partition = 0; partition < 3; partition++)
        {
            await ProduceAsync(node, "t", partition);
        }

        int session = (await client.FetchAsync(12, 0, 0, [.. wanted.Select(asked => asked with { Offset = 1 })])).SessionId;
        // Each answer has room for one batch, and the client never moves on.
        var turns = new List<int>();
        Wanted[] again = wanted;
        for (int epoch = 1; epoch <= 3; epoch++)
        {
            Fetched fetched = await client.FetchAsync(12, session, epoch, again, maxBytes: 1);
            turns.Add(Assert.Single(fetched.Partitions, got => got.RecordBytes > 0).Partition);
            again = [];
        }

        Assert.Equal([0, 1, 2], turns.Order());
    }

    [Fact]
    public async Task An_unknown_topic_id_is_told_apart_from_an_unknown_partition()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using WireClient client = await WireClient.ConnectAsync(node);
        Wanted[] wanted = await TopicAsync(node, "t", 1);
        Fetched fetched = await client.FetchAsync(16, 0, -1, [wanted[0] with { TopicId = Guid.NewGuid() }, wanted[0] with { Partition = 7 }, wanted[0]]);
        Assert.Equal(
            [ErrorCode.UnknownTopicId, ErrorCode.UnknownTopicOrPartition, ErrorCode.None], fetched.Partitions.Select(partition => partition.Error));
    }

    [Fact]
    public async Task A_topic_created_again_is_another_one()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using WireClient client = await WireClient.ConnectAsync(node);
        Wanted old = (await TopicAsync(node, "t", 1))[0];
        int session = (await client.FetchAsync(16, 0, 0, [old])).SessionId;
        using (IAdminClient admin = node.Admin())
        {
            await admin.DeleteTopicsAsync(["t"]);
        }

        Wanted created = (await TopicAsync(node, "t", 1))[0];
        Assert.NotEqual(old.TopicId, created.TopicId);
        Assert.Equal(ErrorCode.UnknownTopicId, Assert.Single((await client.FetchAsync(16, session, 1, [])).Partitions).Error);
        Assert.Equal(ErrorCode.None, Assert.Single((await client.FetchAsync(16, session, 2, [created])).Partitions, got => got.TopicId == created.TopicId).Error);
    }

    [Fact]
    public async Task A_reader_whose_last_epoch_is_beyond_the_log_has_to_start_over()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using WireClient client = await WireClient.ConnectAsync(node);
        Wanted wanted = (await TopicAsync(node, "t", 1))[0];
        await ProduceAsync(node, "t", 0);
        Got same = Assert.Single((await client.FetchAsync(12, 0, -1, [wanted with { LastEpoch = 0 }])).Partitions);
        Assert.True(same is { RecordBytes: > 0, DivergingEpoch: -1 });
        Got other = Assert.Single((await client.FetchAsync(12, 0, -1, [wanted with { LastEpoch = 5 }])).Partitions);
        Assert.Equal((ErrorCode.OffsetOutOfRange, 0), (other.Error, other.RecordBytes));
    }

    private static async Task<Wanted[]> TopicAsync(FreshetNode node, string name, int partitions)
    {
        await node.CreateTopicAsync(name, partitions);
        using IAdminClient admin = node.Admin();
        Uuid id = (await admin.DescribeTopicsAsync(Confluent.Kafka.TopicCollection.OfTopicNames([name]))).TopicDescriptions[0].TopicId;
        Guid guid = new([.. BytesOf(id.MostSignificantBits), .. BytesOf(id.LeastSignificantBits)], bigEndian: true);
        return [.. Enumerable.Range(0, partitions).Select(partition => new Wanted(name, guid, partition, 0))];
    }

    private static byte[] BytesOf(long bits) => [.. BitConverter.GetBytes(bits).Reverse()];

    private static async Task ProduceAsync(FreshetNode node, string topic, int partition)
    {
        using IProducer<string, string> producer = node.Producer();
        await producer.ProduceAsync(new TopicPartition(topic, partition), new Message<string, string> { Value = "v" });
    }
}
