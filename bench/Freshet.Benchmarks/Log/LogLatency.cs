using System.Buffers.Binary;
using System.Diagnostics;
using Confluent.Kafka;

namespace Freshet.Benchmarks.Log;

/// <summary>
/// Sends records at a steady rate and measures the time from the call of Produce to the record's arrival at a consumer. A record that
/// should have been sent while the sender was held up counts from when it should have been: a stall is not hidden by the pause it makes.
/// </summary>
internal sealed class LogLatency(ServerUnderTest broker, string topic, int partitions, int rate, int valueSize, TimeSpan warmUp, TimeSpan duration)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly LatencyHistogram _latencies = new();
    private readonly long _total = (long)((warmUp + duration).TotalSeconds * rate);

    public LatencyMeasurement Run(CancellationToken cancellation)
    {
        using IConsumer<Ignore, byte[]> consumer = Subscribe();
        TimeSpan? before = broker.CpuTime();
        var sender = new Thread(() => Send(cancellation)) { Name = "sender" };
        sender.Start();
        Receive(consumer, cancellation);
        sender.Join();
        TimeSpan? cpu = broker.CpuTime() - before;
        return new LatencyMeasurement(
            _latencies.Percentile(50), _latencies.Percentile(99), _latencies.Percentile(99.9), _latencies.Percentile(100), cpu?.TotalMicroseconds / _total);
    }

    private IConsumer<Ignore, byte[]> Subscribe()
    {
        IConsumer<Ignore, byte[]> consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = broker.Address,
            GroupId = topic,
            EnableAutoCommit = false,
            FetchMinBytes = 1,
        }).Build();
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        return consumer;
    }

    private void Send(CancellationToken cancellation)
    {
        using IProducer<Null, byte[]> producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
        {
            BootstrapServers = broker.Address,
            Acks = Acks.All,
            LingerMs = 0,
            EnableDeliveryReports = false,
            StickyPartitioningLingerMs = 0,
        }).Build();
        byte[] value = new byte[Math.Max(valueSize, sizeof(long))];
        var record = new Message<Null, byte[]> { Value = value };
        long start = Stopwatch.GetTimestamp();
        for (long number = 0; number < _total; number++)
        {
            long due = start + (number * Stopwatch.Frequency / rate);
            while (Stopwatch.GetTimestamp() < due)
            {
                cancellation.ThrowIfCancellationRequested();
                Thread.Sleep(Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) > TimeSpan.FromMilliseconds(1) ? 1 : 0);
            }

            BinaryPrimitives.WriteInt64LittleEndian(value, due);
            producer.Produce(topic, record);
        }

        producer.Flush(Patience);
    }

    private void Receive(IConsumer<Ignore, byte[]> consumer, CancellationToken cancellation)
    {
        long notCounted = (long)(warmUp.TotalSeconds * rate);
        for (long number = 0; number < _total; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            ConsumeResult<Ignore, byte[]> result = consumer.Consume(Patience)
                ?? throw new InvalidOperationException($"{broker.Name} gave {number} of {_total} records and then none for {Patience}.");
            long latency = Stopwatch.GetTimestamp() - BinaryPrimitives.ReadInt64LittleEndian(result.Message.Value);
            _latencies.IsRecording = number >= notCounted;
            _latencies.Add(latency);
        }
    }
}
