using System.Threading.Channels;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Freshet.Streams.Kafka;

/// <summary>
/// Reads and decodes records on a thread of its own, because the client's consume call blocks, and hands them over in batches.
/// Only a few batches wait at a time, so a slow topology slows the reader and memory stays bounded.
/// </summary>
internal sealed class RecordReader<T> : IAsyncDisposable
{
    private const int RecordsPerBatch = 512;
    private const int WaitingBatches = 4;

    /// <summary>How long the client may wait for a record: it returns at once when there is one, and looks for the stop signal otherwise.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly KafkaSpoutOptions<T> _options;
    private readonly ILogger _logger;
    private readonly Channel<List<Incoming<T>>> _batches = Channel.CreateUnbounded<List<Incoming<T>>>();
    private readonly SemaphoreSlim _room = new(WaitingBatches);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;

    public RecordReader(IConsumer<byte[], byte[]> consumer, KafkaSpoutOptions<T> options, ILogger logger)
    {
        (_consumer, _options, _logger) = (consumer, options, logger);
        _reading = Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Takes a batch if one is there.</summary>
    /// <exception cref="KafkaException">Reading has failed.</exception>
    public bool TryTake(out List<Incoming<T>>? batch)
    {
        bool taken = _batches.Reader.TryRead(out batch);
        if (taken)
        {
            _room.Release();
        }

        return taken;
    }

    /// <summary>Waits until there is a batch to take, or throws what reading has failed with.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellation) => _batches.Reader.WaitToReadAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        _stop.Dispose();
    }

    private void Read()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                _room.Wait(_stop.Token);
                List<Incoming<T>> batch = ReadBatch();
                if (batch.Count > 0)
                {
                    _batches.Writer.TryWrite(batch);
                }
                else
                {
                    _room.Release();
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception failure)
        {
            _batches.Writer.TryComplete(failure);
        }
    }

    /// <summary>Waits for a first record and takes with it what the client has at hand.</summary>
    private List<Incoming<T>> ReadBatch()
    {
        var batch = new List<Incoming<T>>();
        TimeSpan wait = Poll;
        while (batch.Count < RecordsPerBatch && Consume(wait) is { } result)
        {
            wait = TimeSpan.Zero;
            batch.Add(result.IsPartitionEOF
                ? new Incoming<T>(result.Partition, result.Offset, HasTuple: false, default!)
                : Decode(result));
        }

        return batch;
    }

    private ConsumeResult<byte[], byte[]>? Consume(TimeSpan wait)
    {
        try
        {
            return _consumer.Consume(wait);
        }
        catch (ConsumeException exception) when (IsPassing(exception.Error))
        {
            KafkaStreamsLog.ReadFailedForNow(_logger, _options.Topic, exception.Error.Reason);
            return null;
        }
    }

    /// <summary>Errors of a broker that restarts or moves; the client tries again by itself.</summary>
    private static bool IsPassing(Error error) => !error.IsFatal && error.Code is not
        (ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange or ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed);

    private Incoming<T> Decode(ConsumeResult<byte[], byte[]> result)
    {
        Message<byte[], byte[]> message = result.Message;
        var record = new KafkaRecord(
            result.Topic, result.Partition, result.Offset,
            DateTimeOffset.FromUnixTimeMilliseconds(message.Timestamp.UnixTimestampMs), message.Key, message.Value);
        long next = result.Offset + 1;
        try
        {
            return new Incoming<T>(record.Partition, next, HasTuple: true, _options.Decoder(in record));
        }
        catch (Exception exception) when (_options.OnUndecodable is not null)
        {
            _options.OnUndecodable(record, exception);
            return new Incoming<T>(record.Partition, next, HasTuple: false, default!);
        }
        catch (Exception exception)
        {
            throw new InvalidDataException(
                $"Record {record.Offset} of {record.Topic}/{record.Partition} cannot be decoded: {exception.Message} "
                + $"Set {nameof(KafkaSpoutOptions<>.OnUndecodable)} to skip such records.",
                exception);
        }
    }
}
