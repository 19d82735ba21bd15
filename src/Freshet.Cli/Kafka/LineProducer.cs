using System.Text;
using Confluent.Kafka;

namespace Freshet.Cli.Kafka;

/// <summary>Produces the lines of a stream, and tells now and then how many there were.</summary>
internal sealed class LineProducer(
    IProducer<byte[]?, byte[]?> producer, TopicPartition target, string? separator, IReadOnlyList<KeyValuePair<string, string>> headers, KafkaSession session)
{
    private long _delivered;
    private Error? _failure;

    public async Task RunAsync(Stream input, CancellationToken stop)
    {
        var progress = new Progress(session.Errors, "records produced");
        using var reader = new StreamReader(input, Encoding.UTF8);
        while (_failure is null && await reader.ReadLineAsync(stop) is { } line)
        {
            Produce(ToMessage(line));
            progress.Report(Interlocked.Read(ref _delivered));
        }

        producer.Flush(stop);
        progress.End();
        if (_failure is not null)
        {
            throw new KafkaException(_failure);
        }

        await session.Errors.WriteLineAsync($"{_delivered} records produced");
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

    private Message<byte[]?, byte[]?> ToMessage(string line)
    {
        int at = separator is null ? -1 : line.IndexOf(separator, StringComparison.Ordinal);
        if (separator is not null && at < 0)
        {
            throw new CommandFailure($"a line has no '{separator}' between key and value: {line}");
        }

        var message = new Message<byte[]?, byte[]?>
        {
            Key = at < 0 ? null : Encoding.UTF8.GetBytes(line[..at]),
            Value = Encoding.UTF8.GetBytes(at < 0 ? line : line[(at + separator!.Length)..]),
        };
        if (headers.Count > 0)
        {
            message.Headers = new Headers();
            foreach ((string name, string value) in headers)
            {
                message.Headers.Add(name, Encoding.UTF8.GetBytes(value));
            }
        }

        return message;
    }
}
