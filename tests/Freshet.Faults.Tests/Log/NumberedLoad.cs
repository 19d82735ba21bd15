using Confluent.Kafka;

namespace Freshet.Faults.Tests.Log;

/// <summary>Sends 0, 1, 2, ... to each partition as fast as the broker takes them, and counts what it acknowledges.</summary>
internal sealed class NumberedLoad : IDisposable
{
    private const int MaxUnderWay = 2000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IProducer<Null, byte[]> _producer;
    private readonly string _topic;
    private readonly long _startAt;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _underWay = new(MaxUnderWay);
    private readonly long[] _acknowledged;
    private readonly Task _sending;
    private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _failure;

    /// <param name="startAt">The first number.</param>
    public NumberedLoad(string address, string topic, int partitions, long startAt = 0)
    {
        _topic = topic;
        _startAt = startAt;
        _acknowledged = new long[partitions];
        _producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
        {
            BootstrapServers = address,
            EnableIdempotence = true,
            Acks = Acks.All,
            LingerMs = 1,
            BatchNumMessages = 100,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 100,
            MessageTimeoutMs = (int)Patience.TotalMilliseconds,
        }).SetLogHandler((_, _) => { }).SetErrorHandler((_, error) => _failure ??= error.IsFatal ? error.Reason : null).Build();
        _sending = Task.Run(SendAsync);
    }

    /// <summary>Records acknowledged so far, of all partitions.</summary>
    public long Acknowledged => Total();

    /// <summary>Waits until so many more records are acknowledged.</summary>
    public async Task AcknowledgedMoreAsync(long records)
    {
        using var deadline = new CancellationTokenSource(Patience);
        long target = Total() + records;
        while (Total() < target)
        {
            Task progress = Volatile.Read(ref _progress).Task;
            if (Total() < target)
            {
                await progress.WaitAsync(deadline.Token);
            }

            Assert.Null(_failure);
        }
    }

    /// <summary>Stops sending, waits for what is under way, and returns how many were acknowledged by partition.</summary>
    public async Task<long[]> StopAsync()
    {
        await _stopping.CancelAsync();
        await _sending;
        Assert.Equal(0, _producer.Flush(Patience));
        Assert.Null(_failure);
        return _acknowledged;
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _producer.Dispose();
        _underWay.Dispose();
        _stopping.Dispose();
    }

    private async Task SendAsync()
    {
        try
        {
            for (long number = _startAt; ; number++)
            {
                for (int partition = 0; partition < _acknowledged.Length; partition++)
                {
                    await _underWay.WaitAsync(_stopping.Token);
                    _producer.Produce(new TopicPartition(_topic, partition), NumberedRecords.Of(number), Delivered);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop. Every partition may have had a different last number.
        }
    }

    private void Delivered(DeliveryReport<Null, byte[]> report)
    {
        if (report.Error.IsError)
        {
            _failure ??= report.Error.Reason;
        }
        else
        {
            Interlocked.Increment(ref _acknowledged[report.Partition.Value]);
        }

        _underWay.Release();
        Interlocked.Exchange(ref _progress, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private long Total() => _acknowledged.Sum();
}
