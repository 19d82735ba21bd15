using System.Buffers.Binary;
using Confluent.Kafka;

namespace Freshet.Faults.Tests.Log;

/// <summary>Reads committed records while they come, and holds each partition to 0, 1, 2, ... without gaps or repetitions.</summary>
internal static class CommittedReader
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Reads until every partition has shown its total, and then that nothing more comes.</summary>
    public static void ReadAll(string address, string topic, int partitions, long total)
    {
        using IConsumer<Ignore, byte[]> consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = address,
            GroupId = "committed",
            EnableAutoCommit = false,
            IsolationLevel = IsolationLevel.ReadCommitted,
            EnablePartitionEof = true,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 100,
        }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, 0)));
        long[] seen = new long[partitions];
        var ended = new HashSet<int>();
        while (ended.Count < partitions)
        {
            ConsumeResult<Ignore, byte[]>? record = consumer.Consume(Patience);
            Assert.True(record is not null, $"nothing came for {Patience}, after {string.Join(", ", seen)} of {total} records");
            int partition = record.Partition.Value;
            if (!record.IsPartitionEOF)
            {
                Assert.Equal(seen[partition]++, BinaryPrimitives.ReadInt64BigEndian(record.Message.Value));
            }
            else if (seen[partition] == total)
            {
                ended.Add(partition);
            }
        }
    }
}
