using System.Buffers;
using Confluent.Kafka;

namespace Freshet.Cli.Kafka;

/// <summary>Produces the lines of a stream, and tells now and then how many there were.</summary>
internal sealed class LineProducer(IProducer<byte[]?, byte[]?> producer, TopicPartition target, LineRecords records, KafkaSession session)
{
    private long _delivered;
    private Error? _failure;

    public async Task RunAsync(Stream input, CancellationToken stop)
    {
        var progress = new Progress(session.Errors, "records produced");
        try
        {
            await ProduceAllAsync(input, progress, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What was read is sent all the same.
        }

        producer.Flush(session.Timeout);
        progress.End();
        if (_failure is not null)
        {
            throw new KafkaException(_failure);
        }

        await session.Errors.WriteLineAsync($"{_delivered} records produced");
    }

    private async Task ProduceAllAsync(Stream input, Progress progress, CancellationToken stop)
    {
        await foreach (ReadOnlySequence<byte> line in InputLines.Of(input, stop))
        {
            if (_failure is not null)
            {
                return;
            }

            Produce(records.Of(line));
            progress.Report(Interlocked.Read(ref _delivered));
        }
    }

    private void Produce(Message<byte[]?, byte[]?> message)
    {
        while (true)
        {
            try
            {
                producer.Produce(target, message, Delivered);
                return;
            }
            catch (ProduceException<byte[]?, byte[]?> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
            {
                producer.Poll(TimeSpan.FromMilliseconds(100)); // Input is faster than the broker.
            }
        }
    }

    private void Delivered(DeliveryReport<byte[]?, byte[]?> report)
    {
        if (report.Error.IsError)
        {
            _failure ??= report.Error;
        }
        else
        {
            Interlocked.Increment(ref _delivered);
        }
    }
}
