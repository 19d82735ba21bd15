using System.Text;
using Confluent.Kafka;
using Storefront.Invoices;

namespace Storefront.Retail;

/// <summary>Writes invoice lines to their topic. The client repeats what the broker did not answer, without duplicates. Thread-safe.</summary>
public sealed class InvoiceProducer : IAsyncDisposable
{
    private static readonly TimeSpan FullPause = TimeSpan.FromMilliseconds(5);

    private readonly InvoiceTopic _topic;
    private readonly IProducer<byte[], byte[]> _producer;
    private Error? _failure;

    /// <summary>Starts writing to the topic.</summary>
    public InvoiceProducer(InvoiceTopic topic)
    {
        _topic = topic ?? throw new ArgumentNullException(nameof(topic));
        _producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig
        {
            BootstrapServers = topic.BootstrapServers,
            EnableIdempotence = true,
            Acks = Acks.All,
        }).SetLogHandler((_, _) => { }).Build();
    }

    /// <summary>Writes the lines of an invoice and waits until the broker has them.</summary>
    /// <exception cref="KafkaException">One was not delivered.</exception>
    public async ValueTask SendAsync(IReadOnlyList<InvoiceLine> lines, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(lines);
        await Task.WhenAll(lines.Select(line => _producer.ProduceAsync(_topic.PartitionOf(line.InvoiceNo), MessageOf(line), cancellation))).ConfigureAwait(false);
    }

    /// <summary>Writes a line without waiting for the broker, except while the client's queue is full.</summary>
    /// <exception cref="KafkaException">An earlier line was not delivered.</exception>
    public async ValueTask PostAsync(InvoiceLine line, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(line);
        Message<byte[], byte[]> message = MessageOf(line);
        TopicPartition partition = _topic.PartitionOf(line.InvoiceNo);
        while (!TryProduce(partition, message))
        {
            await Task.Delay(FullPause, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the broker has everything posted so far.</summary>
    /// <exception cref="KafkaException">A line was not delivered.</exception>
    public async Task FlushAsync(CancellationToken cancellation = default)
    {
        await Task.Run(() => _producer.Flush(cancellation), cancellation).ConfigureAwait(false);
        ThrowIfFailed();
    }

    /// <summary>Stops; lines that were posted but not flushed may be lost.</summary>
    public async ValueTask DisposeAsync() => await Task.Run(_producer.Dispose).ConfigureAwait(false);

    private static Message<byte[], byte[]> MessageOf(InvoiceLine line) => new()
    {
        Key = Encoding.UTF8.GetBytes(line.InvoiceNo),
        Value = InvoiceTopic.Encode(line),
        Timestamp = new Timestamp(line.Time),
    };

    private bool TryProduce(TopicPartition partition, Message<byte[], byte[]> message)
    {
        ThrowIfFailed();
        try
        {
            _producer.Produce(partition, message, report =>
            {
                if (report.Error.IsError)
                {
                    Interlocked.CompareExchange(ref _failure, report.Error, null);
                }
            });
            return true;
        }
        catch (ProduceException<byte[], byte[]> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }

    private void ThrowIfFailed()
    {
        if (Volatile.Read(ref _failure) is { } failure)
        {
            throw new KafkaException(failure);
        }
    }
}
