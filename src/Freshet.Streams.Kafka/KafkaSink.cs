using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Freshet.Streams.Kafka;

/// <summary>
/// Writes tuples to a topic, each at least once: a checkpoint completes only when all records before it are acknowledged, and a restart
/// repeats those behind it. A record that cannot be delivered fails the topology.
/// </summary>
/// <typeparam name="T">The tuples.</typeparam>
/// <param name="options">What to write and how.</param>
public sealed class KafkaSink<T>(KafkaSinkOptions<T> options) : ISink<T>
{
    /// <summary>How long to leave a full client queue alone; it empties with every answer of a broker.</summary>
    private static readonly TimeSpan FullPause = TimeSpan.FromMilliseconds(5);

    private IProducer<byte[]?, byte[]?>? _producer;
    private Action<DeliveryReport<byte[]?, byte[]?>>? _delivered;
    private TimeProvider _time = TimeProvider.System;
    private Error? _failure;

    /// <inheritdoc/>
    public ValueTask OpenAsync(TaskContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ILogger logger = context.Logger;
        _time = context.Time;
        _delivered = report => Check(report.Error);
        _producer = new ProducerBuilder<byte[]?, byte[]?>(options.ToProducerConfig())
            .SetLogHandler((_, message) => KafkaStreamsLog.ClientSaid(logger, message.Name, message.Message))
            .SetErrorHandler((_, error) =>
            {
                KafkaStreamsLog.ClientHasTrouble(logger, options.Topic, error.Reason);
                if (error.IsFatal)
                {
                    Check(error);
                }
            })
            .Build();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    /// <exception cref="KafkaException">A record, of this call or an earlier one, cannot be delivered.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<T> tuples, CancellationToken cancellation)
    {
        for (int i = 0; i < tuples.Length; i++)
        {
            ThrowIfFailed();
            Message<byte[]?, byte[]?> message = ToMessage(tuples.Span[i]);
            while (!TryProduce(message))
            {
                await Task.Delay(FullPause, _time, cancellation).ConfigureAwait(false);
                ThrowIfFailed();
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="KafkaException">A record cannot be delivered.</exception>
    public async ValueTask FlushAsync(CancellationToken cancellation)
    {
        // The client's flush blocks its thread.
        await Task.Run(() => _producer!.Flush(cancellation), cancellation).ConfigureAwait(false);
        ThrowIfFailed();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        // What was not flushed is behind the last checkpoint and is repeated after a restart.
        _producer?.Dispose();
        return ValueTask.CompletedTask;
    }

    private Message<byte[]?, byte[]?> ToMessage(T tuple)
    {
        var message = new Message<byte[]?, byte[]?> { Key = options.Key?.Invoke(tuple), Value = options.Value(tuple) };
        if (options.Timestamp is not null)
        {
            message.Timestamp = new Timestamp(options.Timestamp(tuple));
        }

        return message;
    }

    private bool TryProduce(Message<byte[]?, byte[]?> message)
    {
        try
        {
            _producer!.Produce(options.Topic, message, _delivered);
            return true;
        }
        catch (ProduceException<byte[]?, byte[]?> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }

    private void Check(Error error)
    {
        if (error.IsError)
        {
            Interlocked.CompareExchange(ref _failure, error, null);
        }
    }

    private void ThrowIfFailed()
    {
        if (Volatile.Read(ref _failure) is { } error)
        {
            throw new KafkaException(new Error(error.Code, $"A record for topic '{options.Topic}' was not delivered: {error.Reason}", error.IsFatal));
        }
    }
}
