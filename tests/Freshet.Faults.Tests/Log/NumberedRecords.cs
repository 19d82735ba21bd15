using System.Buffers.Binary;
using Confluent.Kafka;

namespace Freshet.Faults.Tests.Log;

/// <summary>Records whose values are 0, 1, 2, ... in each partition.</summary>
internal static class NumberedRecords
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The record with a number.</summary>
    public static Message<Null, byte[]> Of(long number)
    {
        byte[] value = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(value, number);
        return new Message<Null, byte[]> { Value = value };
    }

    /// <summary>The number of a record.</summary>
    public static long NumberOf(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadInt64BigEndian(value);

    /// <summary>Puts so many records into each partition of a topic.</summary>
    public static void Fill(string address, string topic, int partitions, long total)
    {
        using IProducer<Null, byte[]> producer = new ProducerBuilder<Null, byte[]>(
            new ProducerConfig { BootstrapServers = address, EnableIdempotence = true, LingerMs = 5 }).Build();
        for (long number = 0; number < total; number++)
        {
            for (int partition = 0; partition < partitions; partition++)
            {
                producer.Produce(new TopicPartition(topic, partition), Of(number));
            }
        }

        Assert.Equal(0, producer.Flush(Patience));
    }
}
