using Confluent.Kafka;
using Freshet.Broker.InProcess;
using Freshet.Node.Testing;

namespace Freshet.Node.Tests;

/// <summary>Topics and records without a client between, held against a client.</summary>
public class InProcessBrokerTests
{
    [Fact]
    public async Task What_is_produced_here_is_what_a_client_consumes()
    {
        await using FreshetNode node = await FreshetNode.StartAsync();
        DateTimeOffset time = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
        await node.Kafka.CreateTopicAsync("t", partitions: 2);
        await node.Kafka.ProduceAsync("t",
        [
            NewRecord.Of("k", "v") with { Partition = 1, Timestamp = time, Headers = [new("h", [1, 2]), new("none", null)] },
            NewRecord.Of("k", null) with { Partition = 1 },
        ]);
        using IConsumer<string, string> consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { BootstrapServers = node.BootstrapServers, GroupId = "g" }).Build();
        consumer.Assign(new TopicPartitionOffset("t", 1, Offset.Beginning));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        Message<string, string> first = consumer.Consume(patience.Token).Message;
        Assert.Equal(("k", "v", time.UtcDateTime), (first.Key, first.Value, first.Timestamp.UtcDateTime));
        Assert.Equal([1, 2], first.Headers.GetLastBytes("h"));
        Assert.Null(first.Headers.GetLastBytes("none"));
        Assert.Null(consumer.Consume(patience.Token).Message.Value);
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Zstd)]
    public async Task What_a_client_produces_is_read_here(CompressionType compression)
    {
        await using FreshetNode node = await FreshetNode.StartAsync();
        using IProducer<string, string> producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = node.BootstrapServers, CompressionType = compression }).Build();
        await producer.ProduceAsync("t", new Message<string, string> { Key = "k", Value = new string('v', 1000), Headers = new Headers { new Header("h", [7]) } });
        TopicRecord record = Assert.Single(await node.Kafka.WaitForRecordsAsync("t", 1));
        Assert.Equal(("k", new string('v', 1000), 0L), (record.KeyText, record.ValueText, record.Offset));
        Assert.Equal([7], Assert.Single(record.Headers).Value!);
    }

    [Fact]
    public async Task Records_of_an_aborted_transaction_are_not_read()
    {
        await using FreshetNode node = await FreshetNode.StartAsync();
        using IProducer<string, string> producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = node.BootstrapServers, TransactionalId = "x" }).Build();
        producer.InitTransactions(TimeSpan.FromSeconds(30));
        foreach (string value in (string[])["kept", "aborted", "open"])
        {
            producer.BeginTransaction();
            await producer.ProduceAsync("t", new Message<string, string> { Value = value });
            if (value == "kept")
            {
                producer.CommitTransaction();
            }
            else if (value == "aborted")
            {
                producer.AbortTransaction();
            }
        }

        Assert.Equal(["kept"], (await node.Kafka.WaitForRecordsAsync("t", 1)).Select(record => record.ValueText));
    }

    [Fact]
    public async Task A_key_goes_where_the_clients_put_it()
    {
        await using FreshetNode node = await FreshetNode.StartAsync();
        await node.Kafka.CreateTopicAsync("t", partitions: 7);
        string[] keys = ["21", "foobar", "a-little-bit-long-string", "", "x", "xy", "xyz"];
        await node.Kafka.ProduceAsync("t", [.. keys.Select(key => (key, (string?)"here"))]);
        using IProducer<string, string> producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = node.BootstrapServers, Partitioner = Partitioner.Murmur2 }).Build();
        foreach (string key in keys)
        {
            DeliveryResult<string, string> delivered = await producer.ProduceAsync("t", new Message<string, string> { Key = key, Value = "there" });
            Assert.Contains(node.Kafka.ReadAll("t"), record => record.KeyText == key && record.ValueText == "here" && record.Partition == delivered.Partition.Value);
        }
    }

    [Fact]
    public async Task A_wait_that_is_in_vain_says_what_it_saw()
    {
        await using FreshetNode node = await FreshetNode.StartAsync();
        node.Kafka.Patience = TimeSpan.FromMilliseconds(50);
        await node.Kafka.ProduceAsync("t", ("a", "1"));
        Assert.Contains("has 1 of 2 records", (await Assert.ThrowsAsync<TimeoutException>(() => node.Kafka.WaitForRecordsAsync("t", 2))).Message, StringComparison.Ordinal);
        Assert.Contains("1 records of t-0", (await Assert.ThrowsAsync<TimeoutException>(() => node.Kafka.WaitUntilConsumedAsync("g", "t"))).Message, StringComparison.Ordinal);
        Assert.Contains("has 0 members", (await Assert.ThrowsAsync<TimeoutException>(() => node.Kafka.WaitForMembersAsync("g", 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_for_a_topic_that_is_not_there_is_in_vain()
    {
        await using FreshetNode node = await FreshetNode.StartAsync();
        InProcessBroker kafka = node.Kafka;
        kafka.Patience = TimeSpan.FromMilliseconds(50);
        Func<Task>[] waits = [() => kafka.WaitForRecordsAsync("t", 1), () => kafka.WaitForNoRecordsAsync("t"), () => kafka.WaitUntilConsumedAsync("g", "t")];
        foreach (Func<Task> wait in waits)
        {
            Assert.Contains("there is no topic 't'", (await Assert.ThrowsAsync<TimeoutException>(wait)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_fixture_may_be_larger_than_a_topic_takes_at_once()
    {
        await using FreshetNode node = await FreshetNode.StartAsync();
        (string? Key, string? Value)[] records = [.. Enumerable.Range(0, 3000).Select(number => ((string?)$"{number % 7}", (string?)$"{number} {new string('x', 1000)}"))];
        await node.Kafka.CreateTopicAsync("t", partitions: 2);
        await node.Kafka.ProduceAsync("t", records);
        ILookup<string?, string?> read = node.Kafka.ReadAll("t").ToLookup(record => record.KeyText, record => record.ValueText);
        Assert.All(records.ToLookup(record => record.Key, record => record.Value), sent => Assert.Equal(sent, read[sent.Key]));
    }

    [Fact]
    public async Task A_stopped_node_says_so()
    {
        FreshetNode node = await FreshetNode.StartAsync();
        await node.DisposeAsync();
        await node.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => node.Kafka);
    }

    [Fact]
    public async Task Wrong_topics_are_refused_in_words()
    {
        await using FreshetNode node = await FreshetNode.StartAsync();
        await node.Kafka.CreateTopicAsync("t");
        Assert.Contains("exists", (await Assert.ThrowsAsync<InvalidOperationException>(() => node.Kafka.CreateTopicAsync("t"))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => node.Kafka.CreateTopicAsync("no/name"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => node.Kafka.ProduceAsync("t", [NewRecord.Of("a", "b") with { Partition = 9 }]));
    }

    [Fact]
    public void Only_the_time_of_day_is_put_forward()
    {
        var clock = new AdjustableClock();
        DateTimeOffset before = clock.GetUtcNow();
        long timestamp = clock.GetTimestamp();
        using var ran = new ManualResetEventSlim();
        using ITimer housekeeping = clock.CreateTimer(_ => ran.Set(), null, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        using ITimer session = clock.CreateTimer(_ => Assert.Fail("A short timer ran."), null, TimeSpan.FromMinutes(30), Timeout.InfiniteTimeSpan);
        clock.Advance(TimeSpan.FromDays(8));
        Assert.True(ran.Wait(TimeSpan.FromSeconds(30)));
        Assert.True(clock.GetUtcNow() - before >= TimeSpan.FromDays(8));
        Assert.True(clock.GetElapsedTime(timestamp) < TimeSpan.FromDays(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Advance(TimeSpan.FromSeconds(-1)));
    }
}
