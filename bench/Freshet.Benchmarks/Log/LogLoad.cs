using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Freshet.Benchmarks.Log;

/// <summary>One load: so many records of one size, sent without delivery reports and then read back from the beginning.</summary>
internal sealed record LogLoad(int Records, int ValueSize, int Partitions, string Acks)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public async Task<string> CreateTopicAsync(ServerUnderTest broker)
    {
        string topic = $"bench-{Guid.NewGuid():N}";
        using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.Address }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = Partitions, ReplicationFactor = 1 }]);
        return topic;
    }

    public static async Task DeleteTopicAsync(ServerUnderTest broker, string topic)
    {
        using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.Address }).Build();
        await admin.DeleteTopicsAsync([topic]);
    }

    public Measurement Produce(ServerUnderTest broker, string topic)
    {
        using IProducer<Null, byte[]> producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
        {
            BootstrapServers = broker.Address,
            Acks = Acks switch { "0" => Confluent.Kafka.Acks.None, "1" => Confluent.Kafka.Acks.Leader, _ => Confluent.Kafka.Acks.All },
            EnableDeliveryReports = false,
            LingerMs = 5,
            BatchSize = 1_000_000,
            BatchNumMessages = 10_000,
            QueueBufferingMaxMessages = 1_000_000,
        }).Build();
        var record = new Message<Null, byte[]> { Value = new byte[ValueSize] };
        producer.Poll(TimeSpan.Zero);
        return Measure(broker, () =>
        {
            for (int number = 0; number < Records; number++)
            {
                Produce(producer, topic, record);
            }

            producer.Flush(Patience);
        });
    }

    public Measurement Consume(ServerUnderTest broker, string topic)
    {
        using IConsumer<Ignore, Ignore> consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig
        {
            BootstrapServers = broker.Address,
            GroupId = topic,
            EnableAutoCommit = false,
            FetchMinBytes = 1,

            // librdkafka stops fetching for a second whenever it holds 100,000 records, so that the faster broker would idle longer.
            FetchQueueBackoffMs = 1,
        }).Build();
        return Measure(broker, () =>
        {
            consumer.Assign(Enumerable.Range(0, Partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
            for (int number = 0; number < Records; number++)
            {
                if (consumer.Consume(Patience) is null)
                {
                    throw new InvalidOperationException($"{broker.Name} gave {number} of {Records} records and then none for {Patience}.");
                }
            }
        });
    }

    private static void Produce(IProducer<Null, byte[]> producer, string topic, Message<Null, byte[]> record)
    {
        while (true)
        {
            try
            {
                producer.Produce(topic, record);
                return;
            }
            catch (ProduceException<Null, byte[]> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
            {
                producer.Poll(TimeSpan.FromMilliseconds(10));
            }
        }
    }

    private Measurement Measure(ServerUnderTest broker, Action load)
    {
        TimeSpan? before = broker.CpuTime();
        var watch = Stopwatch.StartNew();
        load();
        double seconds = watch.Elapsed.TotalSeconds;
        TimeSpan? cpu = broker.CpuTime() - before;
        return new Measurement(Records / seconds, Records * (double)ValueSize / seconds / 1e6, cpu?.TotalMicroseconds / Records);
    }
}
