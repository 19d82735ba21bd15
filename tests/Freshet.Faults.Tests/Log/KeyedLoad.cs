using Confluent.Kafka;

namespace Freshet.Faults.Tests.Log;

/// <summary>Sets and deletes a few keys over and over, and keeps what the broker acknowledged, by offset.</summary>
internal sealed class KeyedLoad : IDisposable
{
    private const int Keys = 30;
    private const int MaxUnderWay = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Random _chance;
    private readonly string _topic;
    private readonly IProducer<string, string?> _producer;
    private readonly SemaphoreSlim _underWay = new(MaxUnderWay);
    private readonly SemaphoreSlim _progress = new(0);
    private readonly SortedDictionary<long, (string Key, string? Value)> _acknowledged = [];
    private CancellationTokenSource _pausing = new();
    private Task _sending = Task.CompletedTask;
    private string? _failure;
    private int _number;

    public KeyedLoad(string address, string topic, int seed)
    {
        _topic = topic;
        _chance = new Random(seed);
        _producer = new ProducerBuilder<string, string?>(new ProducerConfig
        {
            BootstrapServers = address,
            EnableIdempotence = true,
            Acks = Acks.All,
            LingerMs = 1,
            BatchNumMessages = 5,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 100,
            MessageTimeoutMs = (int)Patience.TotalMilliseconds,
        }).SetValueSerializer(new OptionalText()).SetLogHandler((_, _) => { }).SetErrorHandler((_, error) => _failure ??= error.IsFatal ? error.Reason : null).Build();
    }

    /// <summary>What was acknowledged, by offset; complete while the load is paused.</summary>
    public IReadOnlyDictionary<long, (string Key, string? Value)> Acknowledged => _acknowledged;

    public void Go()
    {
        _pausing = new CancellationTokenSource();
        CancellationToken pausing = _pausing.Token;
        _sending = Task.Run(() => SendAsync(pausing));
    }

    /// <summary>Waits until so many more records are acknowledged.</summary>
    public async Task AcknowledgedMoreAsync(int records)
    {
        for (int seen = 0; seen < records; seen++)
        {
            Assert.True(await _progress.WaitAsync(Patience), $"The broker acknowledges nothing more. {_failure}");
        }
    }

    /// <summary>Stops sending; what is under way may wait for the broker to come back.</summary>
    public async Task PauseAsync()
    {
        await _pausing.CancelAsync();
        await _sending;
        _pausing.Dispose();
    }

    /// <summary>Waits until all that was sent is acknowledged, and noted here.</summary>
    public async Task SettleAsync()
    {
        for (int free = 0; free < MaxUnderWay; free++)
        {
            Assert.True(await _underWay.WaitAsync(Patience), $"Some of what was sent is not acknowledged. {_failure}");
        }

        Assert.Null(_failure);
        _underWay.Release(MaxUnderWay);
    }

    public void Dispose()
    {
        _producer.Dispose();
        _underWay.Dispose();
        _progress.Dispose();
    }

    private async Task SendAsync(CancellationToken pausing)
    {
        try
        {
            while (true)
            {
                await _underWay.WaitAsync(pausing);
                string key = $"k{_chance.Next(Keys)}";
                string? value = _chance.Next(4) == 0 ? null : $"{_number++}{new string('v', _chance.Next(200))}";
                _producer.Produce(_topic, new Message<string, string?> { Key = key, Value = value }, Delivered);
            }
        }
        catch (OperationCanceledException)
        {
            // Paused.
        }
    }

    private void Delivered(DeliveryReport<string, string?> report)
    {
        if (report.Error.IsError)
        {
            _failure ??= report.Error.Reason;
        }
        else if (!_acknowledged.TryAdd(report.Offset.Value, (report.Message.Key, report.Message.Value)))
        {
            _failure ??= $"Offset {report.Offset} was given out twice.";
        }

        _underWay.Release();
        _progress.Release();
    }

    private sealed class OptionalText : ISerializer<string?>
    {
        public byte[] Serialize(string? data, SerializationContext context) => data is null ? null! : Serializers.Utf8.Serialize(data, context);
    }
}
