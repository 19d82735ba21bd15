using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Log;

/// <summary>Transactions of Confluent's producer, the same for Freshet and for Apache Kafka.</summary>
public abstract class TransactionConformance
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    protected abstract string BootstrapServers { get; }

    [Fact]
    public async Task Markers_take_an_offset_and_aborted_records_are_left_out()
    {
        string topic = await CreateTopicAsync();
        using IProducer<string, string> producer = Begin(topic);
        foreach (bool commit in (bool[])[true, false, true])
        {
            await InTransactionAsync(producer, topic, [$"{commit}", "more"], commit);
        }

        Assert.Equal([("True", 0), ("more", 1), ("True", 6), ("more", 7)], Read(topic, IsolationLevel.ReadCommitted));
        Assert.Equal([0, 1, 3, 4, 6, 7], Read(topic, IsolationLevel.ReadUncommitted).Select(record => record.Offset));
        Assert.Equal(9, End(topic, IsolationLevel.ReadCommitted));
    }

    [Fact]
    public async Task An_open_transaction_holds_back_what_comes_after_it()
    {
        string topic = await CreateTopicAsync();
        using IProducer<string, string> open = Begin($"{topic}-open");
        open.BeginTransaction();
        await open.ProduceAsync(topic, new Message<string, string> { Value = "open" });
        using IProducer<string, string> other = Begin($"{topic}-other");
        await InTransactionAsync(other, topic, ["other"], commit: true);
        Assert.Equal((0, 3), (End(topic, IsolationLevel.ReadCommitted), End(topic, IsolationLevel.ReadUncommitted)));
        Assert.Empty(Read(topic, IsolationLevel.ReadCommitted));
        open.AbortTransaction(Patience);
        Assert.Equal([("other", 1)], Read(topic, IsolationLevel.ReadCommitted));
    }

    [Fact]
    public async Task A_producer_is_fenced_by_the_next_of_its_id()
    {
        string topic = await CreateTopicAsync();
        using IProducer<string, string> first = Begin(topic);
        first.BeginTransaction();
        await first.ProduceAsync(topic, new Message<string, string> { Value = "first" });
        using IProducer<string, string> second = Begin(topic);
        KafkaException fenced = Assert.ThrowsAny<KafkaException>(() => first.CommitTransaction(Patience));
        Assert.Equal((ErrorCode.Local_Fenced, true), (fenced.Error.Code, fenced.Error.IsFatal));
        await InTransactionAsync(second, topic, ["second"], commit: true);
        Assert.Equal([("second", 2)], Read(topic, IsolationLevel.ReadCommitted));
    }

    [Fact]
    public async Task A_transaction_that_takes_too_long_is_aborted_and_its_producer_fenced()
    {
        string topic = await CreateTopicAsync();
        using IProducer<string, string> producer = Begin(topic, TimeSpan.FromSeconds(1));
        producer.BeginTransaction();
        await producer.ProduceAsync(topic, new Message<string, string> { Value = "late" });
        using var patience = new CancellationTokenSource(Patience);
        while (End(topic, IsolationLevel.ReadCommitted) == 0)
        {
            await Task.Delay(100, patience.Token);
        }

        KafkaException fenced = Assert.ThrowsAny<KafkaException>(() => producer.CommitTransaction(Patience));
        Assert.Equal((ErrorCode.Local_Fenced, true), (fenced.Error.Code, fenced.Error.IsFatal));
        Assert.Empty(Read(topic, IsolationLevel.ReadCommitted));
    }

    [Fact]
    public async Task A_timeout_beyond_the_brokers_limit_is_refused()
    {
        string topic = await CreateTopicAsync();
        using IProducer<string, string> producer = Producer(topic, TimeSpan.FromMinutes(16));
        KafkaException refused = Assert.ThrowsAny<KafkaException>(() => producer.InitTransactions(Patience));
        Assert.Equal(ErrorCode.InvalidTransactionTimeout, refused.Error.Code);
    }

    [Fact]
    public async Task Offsets_hold_with_the_commit_and_wait_for_it()
    {
        string topic = await CreateTopicAsync();
        using IProducer<string, string> producer = Begin(topic);
        using IConsumer<string, string> consumer = Consumer(topic, IsolationLevel.ReadCommitted);
        producer.BeginTransaction();
        SendOffset(producer, consumer, topic, 5);
        // The committed offset is not told while a transaction may change it.
        KafkaException unstable = Assert.ThrowsAny<KafkaException>(() => Committed(consumer, topic, TimeSpan.FromSeconds(1)));
        Assert.Equal(ErrorCode.Local_TimedOut, unstable.Error.Code);
        producer.CommitTransaction(Patience);
        Assert.Equal(5, Committed(consumer, topic, Patience));
        producer.BeginTransaction();
        SendOffset(producer, consumer, topic, 9);
        producer.AbortTransaction(Patience);
        Assert.Equal(5, Committed(consumer, topic, Patience));
    }

    [Fact]
    public async Task The_transactions_tool_shows_an_open_transaction_and_aborts_it()
    {
        Assert.SkipWhen(Peers.KafkaTool is null, "Apache Kafka's tools are missing: this test would run them against the broker.");
        string topic = await CreateTopicAsync();
        using IProducer<string, string> producer = Begin(topic);
        producer.BeginTransaction();
        await producer.ProduceAsync(topic, new Message<string, string> { Value = "stuck" });
        Assert.Contains("Ongoing", await TransactionsAsync("describe", "--transactional-id", topic), StringComparison.Ordinal);
        Assert.Contains($"{topic}-0", await TransactionsAsync("describe", "--transactional-id", topic), StringComparison.Ordinal);
        Assert.Contains(topic, await TransactionsAsync("list"), StringComparison.Ordinal);
        string[] described = (await TransactionsAsync("describe-producers", "--topic", topic, "--partition", "0")).Trim().Split('\n');
        Assert.Equal(["0", "0"], described[^1].Split('\t', StringSplitOptions.TrimEntries)[3..6].Where((_, column) => column != 1)); // Last sequence, start offset.
        await TransactionsAsync("abort", "--topic", topic, "--partition", "0", "--start-offset", "0");
        Assert.Equal(2, End(topic, IsolationLevel.ReadCommitted));
        Assert.Empty(Read(topic, IsolationLevel.ReadCommitted));
    }

    [Fact]
    public async Task Apaches_own_producer_commits_many_transactions()
    {
        Assert.SkipWhen(Peers.KafkaTool is null, "Apache Kafka's tools are missing: this test would run them against the broker.");
        string topic = await CreateTopicAsync();
        await KafkaToolAsync(
            "producer-perf", "--bootstrap-server", BootstrapServers, "--topic", topic, "--num-records", "3000", "--record-size", "10", "--throughput", "3000",
            "--transactional-id", $"perf-{topic}", "--transaction-duration-ms", "20");
        Assert.Equal(3000, Read(topic, IsolationLevel.ReadCommitted).Count);
        Assert.True(End(topic, IsolationLevel.ReadCommitted) > 3001, "there were several transactions");
    }

    private Task<string> TransactionsAsync(params string[] arguments) => KafkaToolAsync(["transactions", "--bootstrap-server", BootstrapServers, .. arguments]);

    private static async Task<string> KafkaToolAsync(params string[] arguments)
    {
        ProgramRun run = await ProgramRun.RunAsync(Peers.KafkaTool!, arguments);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', arguments)} ended with {run.ExitCode}: {run.Errors}");
        return run.Output;
    }

    private static void SendOffset(IProducer<string, string> producer, IConsumer<string, string> consumer, string topic, long offset) =>
        producer.SendOffsetsToTransaction([new TopicPartitionOffset(topic, 0, offset)], consumer.ConsumerGroupMetadata, Patience);

    private static long Committed(IConsumer<string, string> consumer, string topic, TimeSpan patience) =>
        consumer.Committed([new TopicPartition(topic, 0)], patience)[0].Offset.Value;

    private IProducer<string, string> Begin(string id, TimeSpan? timeout = null)
    {
        IProducer<string, string> producer = Producer(id, timeout ?? Patience);
        producer.InitTransactions(Patience);
        return producer;
    }

    private IProducer<string, string> Producer(string id, TimeSpan timeout) => new ProducerBuilder<string, string>(new ProducerConfig
    {
        BootstrapServers = BootstrapServers,
        TransactionalId = id,
        TransactionTimeoutMs = (int)timeout.TotalMilliseconds,
        LingerMs = 0,
    }).SetLogHandler((_, _) => { }).Build();

    private static async Task InTransactionAsync(IProducer<string, string> producer, string topic, string[] values, bool commit)
    {
        producer.BeginTransaction();
        foreach (string value in values)
        {
            await producer.ProduceAsync(topic, new Message<string, string> { Value = value });
        }

        if (commit)
        {
            producer.CommitTransaction(Patience);
        }
        else
        {
            producer.AbortTransaction(Patience);
        }
    }

    private List<(string Value, long Offset)> Read(string topic, IsolationLevel isolation)
    {
        using IConsumer<string, string> consumer = Consumer($"reader-{topic}", isolation);
        consumer.Assign(new TopicPartitionOffset(topic, 0, 0));
        var records = new List<(string, long)>();
        using var patience = new CancellationTokenSource(Patience);
        while (consumer.Consume(patience.Token) is { IsPartitionEOF: false } record)
        {
            records.Add((record.Message.Value, record.Offset.Value));
        }

        return records;
    }

    private long End(string topic, IsolationLevel isolation)
    {
        using IConsumer<string, string> consumer = Consumer($"end-{topic}", isolation);
        return consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), Patience).High.Value;
    }

    private IConsumer<string, string> Consumer(string group, IsolationLevel isolation) => new ConsumerBuilder<string, string>(new ConsumerConfig
    {
        BootstrapServers = BootstrapServers,
        GroupId = group,
        IsolationLevel = isolation,
        EnableAutoCommit = false,
        EnablePartitionEof = true,
    }).Build();

    private async Task<string> CreateTopicAsync()
    {
        string name = $"tx-{Guid.NewGuid():N}";
        using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = 1, ReplicationFactor = 1 }]);
        using var patience = new CancellationTokenSource(Patience);
        while (admin.GetMetadata(name, Patience).Topics is not [{ Error.Code: ErrorCode.NoError, Partitions.Count: 1 }])
        {
            await Task.Delay(20, patience.Token);
        }

        return name;
    }
}
