using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Freshet.Faults.Tests.Log;

/// <summary>What the tests do with topics before and after their faults.</summary>
internal static class KafkaTopics
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task CreateAsync(string address, string topic, int partitions, params (string Name, string Value)[] settings)
    {
        using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = address }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification
        {
            Name = topic,
            NumPartitions = partitions,
            ReplicationFactor = 1,
            Configs = settings.ToDictionary(setting => setting.Name, setting => setting.Value),
        }]);
    }

    /// <summary>Deletes all records of a topic's only partition, and gives the start of its log from then on.</summary>
    public static async Task<long> DeleteAllAsync(string address, string topic)
    {
        using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = address }).Build();
        return (await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, Offset.End)]))[0].Offset.Value;
    }

    /// <summary>All values of a partition, which are numbers, from its first to its last offset; offsets are checked to have no gap.</summary>
    public static List<long> ReadNumbers(string address, string topic, int partition)
    {
        using IConsumer<Ignore, byte[]> consumer = new ConsumerBuilder<Ignore, byte[]>(
            new ConsumerConfig { BootstrapServers = address, GroupId = "reader", EnableAutoCommit = false, CheckCrcs = true }).Build();
        var place = new TopicPartition(topic, partition);
        long end = consumer.QueryWatermarkOffsets(place, Patience).High.Value;
        consumer.Assign(new TopicPartitionOffset(place, Offset.Beginning));
        var numbers = new List<long>();
        while (numbers.Count < end)
        {
            ConsumeResult<Ignore, byte[]>? record = consumer.Consume(Patience);
            Assert.NotNull(record);
            Assert.Equal(numbers.Count, record.Offset.Value);
            numbers.Add(NumberedRecords.NumberOf(record.Message.Value));
        }

        return numbers;
    }
}
