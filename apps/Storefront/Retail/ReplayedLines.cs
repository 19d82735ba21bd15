using Confluent.Kafka;
using Storefront.Invoices;
using Freshet.Streams.Kafka;

namespace Storefront.Retail;

/// <summary>
/// How far a replay has come, as the topic itself tells: the line number of the newest replayed line of each partition. A partition gets
/// its lines in file order and an idempotent producer leaves no gap, so everything up to that line is there.
/// </summary>
internal static class ReplayedLines
{
    /// <summary>Orders of visitors carry no line number and may lie behind the last replayed line; so many records are looked at, then the ones before.</summary>
    private const int RecordsAtOnce = 1_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The newest line number in each partition; 0 where there is none.</summary>
    public static Task<long[]> FindAsync(InvoiceTopic topic) => Task.Run(() =>
    {
        using IConsumer<byte[], byte[]> consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = topic.BootstrapServers,
            GroupId = "invoice-replay",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
        }).SetLogHandler((_, _) => { }).Build();
        return Enumerable.Range(0, topic.Partitions).Select(partition => FindNewest(consumer, new TopicPartition(topic.Name, partition))).ToArray();
    });

    private static long FindNewest(IConsumer<byte[], byte[]> consumer, TopicPartition partition)
    {
        WatermarkOffsets range = consumer.QueryWatermarkOffsets(partition, Patience);
        for (long end = range.High; end > range.Low; end -= RecordsAtOnce)
        {
            long start = Math.Max(range.Low, end - RecordsAtOnce);
            if (NewestBetween(consumer, partition, start, end) is > 0 and long line)
            {
                return line;
            }
        }

        return 0;
    }

    private static long NewestBetween(IConsumer<byte[], byte[]> consumer, TopicPartition partition, long start, long end)
    {
        consumer.Assign(new TopicPartitionOffset(partition, start));
        long newest = 0;
        while (true)
        {
            ConsumeResult<byte[], byte[]> result = consumer.Consume(Patience) ?? throw new TimeoutException($"The broker does not answer for {partition}.");
            if (!result.IsPartitionEOF && result.Offset < end)
            {
                newest = Math.Max(newest, LineOf(result));
            }

            if (result.IsPartitionEOF || result.Offset >= end - 1)
            {
                return newest;
            }
        }
    }

    private static long LineOf(ConsumeResult<byte[], byte[]> result)
    {
        InvoiceLine line = InvoiceTopic.Decode(new KafkaRecord { Value = result.Message.Value });
        return line.Line;
    }
}
