using Confluent.Kafka;
using Freshet.Tests.Support;

namespace Freshet.Faults.Tests.Log;

/// <summary>A disk that fails calls on one partition's file: what was acknowledged stays, and the other partitions go on.</summary>
public sealed class DiskFaultTests : IAsyncDisposable
{
    private const string Bad = "bad";
    private const string Good = "good";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly BrokerWithFaults _broker = new();

    private string FirstSegment => Path.Combine(_broker.FolderOf(Bad), "00000000000000000000.log");

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task After_a_failed_fsync_nothing_is_acknowledged_not_even_by_trying_again()
    {
        await PrepareAsync(("flush.messages", "1"));
        await _broker.StartWithFaultAsync("fdatasync:error=EIO:when=3", FirstSegment);
        long acknowledged;
        using (IProducer<Null, byte[]> producer = Producer())
        {
            acknowledged = await ProduceUntilFailedAsync(producer, Bad);
            await ProduceAsync(producer, Good, 10);
        }

        // A record at a time: the first call that failed belongs to the first record that is not acknowledged.
        Assert.Equal(acknowledged, _broker.TracedCalls().TakeWhile(call => !call.Contains("INJECTED", StringComparison.Ordinal)).Count(call => call.EndsWith("= 0", StringComparison.Ordinal)));
        // What may not be on disk is not read either: whoever noted its offset would pass over what gets it after a power cut.
        Assert.Equal(acknowledged, KafkaTopics.ReadNumbers(_broker.Address, Bad, 0).Count);
        AssertReads(Good, 10);
        await _broker.KillAsync();
        await _broker.StartQuietAsync();
        Assert.InRange(KafkaTopics.ReadNumbers(_broker.Address, Bad, 0).Count, acknowledged, acknowledged + 1);
    }

    [Fact]
    public async Task A_failed_write_is_a_storage_error_and_leaves_nothing_behind()
    {
        await PrepareAsync();
        await _broker.StartWithFaultAsync("pwrite64:error=EIO:when=4+", FirstSegment);
        long acknowledged;
        using (IProducer<Null, byte[]> producer = Producer(retries: 0))
        {
            acknowledged = await ProduceUntilFailedAsync(producer, Bad, ErrorCode.KafkaStorageError);
            await ProduceAsync(producer, Good, 10);
        }

        Assert.NotEqual(0, acknowledged);
        Assert.Equal(acknowledged, KafkaTopics.ReadNumbers(_broker.Address, Bad, 0).Count);
        AssertReads(Good, 10);
        await _broker.KillAsync();
        await _broker.StartQuietAsync();
        Assert.Equal(acknowledged, KafkaTopics.ReadNumbers(_broker.Address, Bad, 0).Count);
        using IProducer<Null, byte[]> again = Producer();
        await ProduceAsync(again, Bad, 1);
    }

    [Theory]
    [InlineData("pread64:error=EIO")]
    [InlineData("pread64:error=EIO:when=2+2")]
    public async Task Records_that_cannot_be_read_hold_up_no_other_partition_of_the_same_fetch(string fault)
    {
        const int Records = 200;
        await PrepareAsync(("segment.bytes", "2000"));
        await _broker.StartQuietAsync();
        using (IProducer<Null, byte[]> producer = Producer())
        {
            await ProduceAsync(producer, Bad, Records);
            await ProduceAsync(producer, Good, Records);
        }

        await _broker.StopGentlyAsync();
        await _broker.StartWithFaultAsync(fault, FirstSegment);
        using (IConsumer<Ignore, byte[]> consumer = Consumer())
        {
            consumer.Assign([new TopicPartitionOffset(Bad, 0, 0), new TopicPartitionOffset(Good, 0, 0)]);
            Assert.Equal(Records, Read(consumer, Records, Good));
            consumer.Assign(new TopicPartitionOffset(Bad, 0, Records - 1));
            Assert.Equal(1, Read(consumer, 1, Bad));
        }

        Assert.Contains(_broker.TracedCalls(), call => call.Contains("INJECTED", StringComparison.Ordinal));
        await _broker.KillAsync();
        await _broker.StartQuietAsync();
        Assert.Equal(Records, KafkaTopics.ReadNumbers(_broker.Address, Bad, 0).Count);
    }

    /// <summary>Makes both topics, then stops the broker.</summary>
    private async Task PrepareAsync(params (string Name, string Value)[] settings)
    {
        Assert.SkipWhen(Peers.Strace is null, "strace is missing: this test would have it fail calls on a segment.");
        await _broker.StartQuietAsync();
        await KafkaTopics.CreateAsync(_broker.Address, Bad, 1, settings);
        await KafkaTopics.CreateAsync(_broker.Address, Good, 1);
        await _broker.StopGentlyAsync();
    }

    private IProducer<Null, byte[]> Producer(int retries = 100) => new ProducerBuilder<Null, byte[]>(new ProducerConfig
    {
        BootstrapServers = _broker.Address,
        EnableIdempotence = retries > 0,
        MessageSendMaxRetries = retries,
        RetryBackoffMs = 20,
        RetryBackoffMaxMs = 100,
        LingerMs = 0,
        MessageTimeoutMs = 3000,
    }).SetLogHandler((_, _) => { }).Build();

    private IConsumer<Ignore, byte[]> Consumer() => new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
    {
        BootstrapServers = _broker.Address,
        GroupId = "reader",
        EnableAutoCommit = false,
        ReconnectBackoffMs = 20,
        ReconnectBackoffMaxMs = 100,
    }).SetLogHandler((_, _) => { }).Build();

    private static async Task ProduceAsync(IProducer<Null, byte[]> producer, string topic, int count)
    {
        for (long number = 0; number < count; number++)
        {
            await producer.ProduceAsync(topic, NumberedRecords.Of(number));
        }
    }

    /// <summary>Sends a record at a time until one fails, and says how many were acknowledged.</summary>
    private static async Task<long> ProduceUntilFailedAsync(IProducer<Null, byte[]> producer, string topic, ErrorCode? expected = null)
    {
        for (long number = 0; ; number++)
        {
            try
            {
                Assert.True(number < 100, "The fault never showed.");
                await producer.ProduceAsync(topic, NumberedRecords.Of(number));
            }
            catch (ProduceException<Null, byte[]> failure)
            {
                Assert.Equal(expected ?? failure.Error.Code, failure.Error.Code);
                return number;
            }
        }
    }

    private void AssertReads(string topic, int count)
    {
        using IConsumer<Ignore, byte[]> consumer = Consumer();
        consumer.Assign(new TopicPartitionOffset(topic, 0, 0));
        Assert.Equal(count, Read(consumer, count, topic));
    }

    /// <summary>Reads until so many records of a topic have come, and says how many have.</summary>
    private static int Read(IConsumer<Ignore, byte[]> consumer, int count, string topic)
    {
        int read = 0;
        while (read < count && consumer.Consume(Patience) is { } record)
        {
            read += record.Topic == topic ? 1 : 0;
        }

        return read;
    }
}
