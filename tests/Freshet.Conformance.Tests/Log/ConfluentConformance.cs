using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Freshet.Conformance.Tests.Log;

/// <summary>What Confluent's clients rely on, the same for Freshet and for Apache Kafka.</summary>
public abstract class ConfluentConformance
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    protected abstract string BootstrapServers { get; }

    [Theory]
    [InlineData(Acks.Leader, false)]
    [InlineData(Acks.All, false)]
    [InlineData(Acks.All, true)]
    public async Task A_producer_is_told_the_offsets(Acks acks, bool idempotent)
    {
        string topic = await CreateTopicAsync(1);
        using IProducer<string, string> producer = new ProducerBuilder<string, string>(
            new ProducerConfig { BootstrapServers = BootstrapServers, Acks = acks, EnableIdempotence = idempotent, LingerMs = 0 }).Build();
        for (int number = 0; number < 5; number++)
        {
            DeliveryResult<string, string> delivered = await producer.ProduceAsync(topic, new Message<string, string> { Key = "k", Value = $"{number}" });
            Assert.Equal((number, PersistenceStatus.Persisted), (delivered.Offset.Value, delivered.Status));
        }
    }

    [Fact]
    public async Task Offsets_are_found_by_time()
    {
        string topic = await CreateTopicAsync(1);
        await ProduceAsync(topic, 3, first: DateTimeOffset.UtcNow.AddMinutes(-10));
        using IConsumer<string, string> consumer = Consumer("by-time");
        var partition = new TopicPartition(topic, 0);
        WatermarkOffsets marks = consumer.QueryWatermarkOffsets(partition, Patience);
        Assert.Equal((0, 3), (marks.Low.Value, marks.High.Value));
        DateTime between = DateTime.UtcNow.AddMinutes(-9).AddSeconds(-30);
        TopicPartitionOffset found = Assert.Single(consumer.OffsetsForTimes([new TopicPartitionTimestamp(partition, new Timestamp(between))], Patience));
        Assert.Equal(1, found.Offset.Value);
    }

    [Fact]
    public async Task Deleted_records_are_gone_and_a_reader_behind_the_start_is_moved_to_it()
    {
        string topic = await CreateTopicAsync(1);
        await ProduceAsync(topic, 10, DateTimeOffset.UtcNow);
        using IAdminClient admin = Admin();
        List<DeleteRecordsResult> deleted = await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 4)]);
        Assert.Equal(4, Assert.Single(deleted).Offset.Value);
        DeleteRecordsException beyond = await Assert.ThrowsAsync<DeleteRecordsException>(() => admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 11)]));
        Assert.Equal(ErrorCode.OffsetOutOfRange, beyond.Results[0].Error.Code);
        using IConsumer<string, string> consumer = Consumer("behind");
        consumer.Assign(new TopicPartitionOffset(topic, 0, 1));
        using var patience = new CancellationTokenSource(Patience);
        Assert.Equal(4, consumer.Consume(patience.Token).Offset.Value);
        await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, Offset.End)]);
        WatermarkOffsets marks = consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), Patience);
        Assert.Equal((10, 10), (marks.Low.Value, marks.High.Value));
    }

    [Fact]
    public async Task Offsets_are_listed_by_special_times()
    {
        string topic = await CreateTopicAsync(1);
        await ProduceAsync(topic, 5, first: DateTimeOffset.UtcNow.AddMinutes(-10));
        using IAdminClient admin = Admin();
        var partition = new TopicPartition(topic, 0);
        foreach ((OffsetSpec spec, long offset) in new (OffsetSpec, long)[] { (OffsetSpec.Earliest(), 0), (OffsetSpec.Latest(), 5), (OffsetSpec.MaxTimestamp(), 4) })
        {
            ListOffsetsResult found = await admin.ListOffsetsAsync([new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = spec }]);
            Assert.Equal(offset, Assert.Single(found.ResultInfos).TopicPartitionOffsetError.Offset.Value);
        }
    }

    [Fact]
    public async Task A_consumer_seeks_and_reads_the_rest()
    {
        string topic = await CreateTopicAsync(1);
        await ProduceAsync(topic, 10, DateTimeOffset.UtcNow);
        using IConsumer<string, string> consumer = Consumer("seek");
        consumer.Assign(new TopicPartitionOffset(topic, 0, 7));
        using var patience = new CancellationTokenSource(Patience);
        Assert.Equal(["7", "8", "9"], Enumerable.Range(0, 3).Select(_ => consumer.Consume(patience.Token).Message.Value));
    }

    [Fact]
    public async Task A_committed_offset_comes_back_and_a_partition_without_one_says_so()
    {
        string topic = await CreateTopicAsync(2);
        using IConsumer<string, string> consumer = Consumer($"commits-{topic}");
        consumer.Assign([new TopicPartition(topic, 0), new TopicPartition(topic, 1)]);
        Commit(consumer, new TopicPartitionOffset(topic, 0, 5));
        List<TopicPartitionOffset> committed = consumer.Committed([new TopicPartition(topic, 0), new TopicPartition(topic, 1)], Patience);
        Assert.Equal([5, Offset.Unset.Value], committed.Select(offset => offset.Offset.Value));
    }

    [Fact]
    public async Task An_existing_topic_is_not_created_again_and_a_missing_one_not_deleted()
    {
        string topic = await CreateTopicAsync(1);
        using IAdminClient admin = Admin();
        CreateTopicsException exists = await Assert.ThrowsAsync<CreateTopicsException>(
            () => admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = 1, ReplicationFactor = 1 }]));
        Assert.Equal(ErrorCode.TopicAlreadyExists, exists.Results[0].Error.Code);
        DeleteTopicsException missing = await Assert.ThrowsAsync<DeleteTopicsException>(() => admin.DeleteTopicsAsync(["no-such-topic"]));
        Assert.Equal(ErrorCode.UnknownTopicOrPart, missing.Results[0].Error.Code);
    }

    [Fact]
    public async Task No_leader_is_elected_where_the_preferred_one_leads()
    {
        string topic = await CreateTopicAsync(1);
        using IAdminClient admin = Admin();
        foreach (ElectionType type in (ElectionType[])[ElectionType.Preferred, ElectionType.Unclean])
        {
            ElectLeadersException none = await Assert.ThrowsAsync<ElectLeadersException>(
                () => admin.ElectLeadersAsync(type, [new TopicPartition(topic, 0), new TopicPartition(topic, 1)]));
            Assert.Equal(
                [ErrorCode.ElectionNotNeeded, ErrorCode.UnknownTopicOrPart],
                none.Results.TopicPartitions.OrderBy(result => result.Partition.Value).Select(result => result.Error.Code));
            Assert.Empty((await admin.ElectLeadersAsync(type, null)).TopicPartitions);
        }
    }

    [Fact]
    public async Task A_record_that_is_too_large_for_the_topic_is_refused()
    {
        string topic = await CreateTopicAsync(1, ("max.message.bytes", "1000"));
        using IProducer<string, string> producer = Producer();
        ProduceException<string, string> refused = await Assert.ThrowsAsync<ProduceException<string, string>>(
            () => producer.ProduceAsync(topic, new Message<string, string> { Value = new string('x', 5000) }));
        Assert.Equal(ErrorCode.MsgSizeTooLarge, refused.Error.Code);
    }

    [Fact]
    public async Task Two_consumers_share_a_topic_and_read_every_record_once()
    {
        string topic = await CreateTopicAsync(4);
        string group = $"shared-{topic}";
        using IConsumer<string, string> first = Consumer(group);
        using IConsumer<string, string> second = Consumer(group);
        first.Subscribe(topic);
        second.Subscribe(topic);
        using var patience = new CancellationTokenSource(Patience);
        while (first.Assignment.Count != 2 || second.Assignment.Count != 2)
        {
            patience.Token.ThrowIfCancellationRequested();
            first.Consume(50);
            second.Consume(50);
        }

        await ProduceAsync(topic, 100, DateTimeOffset.UtcNow);
        var seen = new List<string>();
        while (seen.Count < 100)
        {
            patience.Token.ThrowIfCancellationRequested();
            foreach (IConsumer<string, string> consumer in (IConsumer<string, string>[])[first, second])
            {
                if (consumer.Consume(20) is { } record)
                {
                    seen.Add(record.Message.Value);
                }
            }
        }

        Assert.Equal(100, seen.Distinct().Count());
        first.Close();
        second.Close();
    }

    /// <summary>Commits; a server that has only just made its coordinator may ask for patience, which the client leaves to us.</summary>
    private static void Commit(IConsumer<string, string> consumer, TopicPartitionOffset offset)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                consumer.Commit([offset]);
                return;
            }
            catch (KafkaException early) when (early.Error.Code is ErrorCode.NotCoordinatorForGroup or ErrorCode.GroupCoordinatorNotAvailable or ErrorCode.GroupLoadInProgress)
            {
                patience.Token.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task<string> CreateTopicAsync(int partitions, params (string Name, string Value)[] settings)
    {
        string name = $"t-{Guid.NewGuid():N}";
        using IAdminClient admin = Admin();
        await admin.CreateTopicsAsync(
            [new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = 1, Configs = settings.ToDictionary(setting => setting.Name, setting => setting.Value) }]);
        // Apache's broker may learn of the topic a little after its controller has answered.
        using var patience = new CancellationTokenSource(Patience);
        while (admin.GetMetadata(name, Patience).Topics is not [{ Error.Code: ErrorCode.NoError } topic] || topic.Partitions.Count != partitions)
        {
            await Task.Delay(20, patience.Token);
        }

        return name;
    }

    /// <summary>Produces numbers as values, a minute apart.</summary>
    private async Task ProduceAsync(string topic, int count, DateTimeOffset first)
    {
        using IProducer<string, string> producer = Producer();
        await Task.WhenAll(Enumerable.Range(0, count).Select(number => producer.ProduceAsync(
            topic, new Message<string, string> { Key = $"{number}", Value = $"{number}", Timestamp = new Timestamp(first.AddMinutes(count < 10 ? number : 0)) })));
    }

    private IProducer<string, string> Producer() => new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = BootstrapServers, EnableIdempotence = true }).Build();

    private IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers }).Build();

    private IConsumer<string, string> Consumer(string group) => new ConsumerBuilder<string, string>(new ConsumerConfig
    {
        BootstrapServers = BootstrapServers,
        GroupId = group,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        EnableAutoCommit = false,
        SessionTimeoutMs = 6000,
        HeartbeatIntervalMs = 200,
    }).Build();
}
