using Confluent.Kafka;
using Storefront.Hosting;

namespace Storefront.Ads;

/// <summary>Sends ad events to the topic <c>ad-events</c>. Thread-safe.</summary>
internal sealed class AdEventProducer : IAsyncDisposable
{
    public const string Topic = "ad-events";

    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(5);

    private readonly IProducer<string, byte[]> _producer;
    private readonly ILogger _log;
    private long _failed;

    public AdEventProducer(string bootstrapServers, ILogger log)
    {
        _log = log;
        var settings = new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            Acks = Acks.All,
            LingerMs = 5,
            // A visitor's click is not worth waiting longer for, and the queue must not grow while the broker is away.
            MessageTimeoutMs = 10_000,
            QueueBufferingMaxMessages = 50_000,
        };
        _producer = new ProducerBuilder<string, byte[]>(settings)
            .SetLogHandler((_, line) => StorefrontLog.Kafka(_log, line.Message))
            .Build();
    }

    /// <summary>Events that the broker did not take.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Sends one event and waits until the broker has acknowledged it.</summary>
    /// <exception cref="ProduceException{TKey,TValue}">The broker did not take it in time.</exception>
    public Task SendAsync(in AdEvent adEvent, CancellationToken cancellation) => _producer.ProduceAsync(Topic, Message(adEvent), cancellation);

    /// <summary>Hands one event over without waiting for the broker, except while the queue is full.</summary>
    public async ValueTask PostAsync(AdEvent adEvent, CancellationToken cancellation)
    {
        Message<string, byte[]> message = Message(adEvent);
        while (!TryPost(message))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Flush blocks its thread while the last events leave.
        await Task.Run(() => _producer.Flush(Goodbye));
        _producer.Dispose();
    }

    private bool TryPost(Message<string, byte[]> message)
    {
        try
        {
            _producer.Produce(Topic, message, Delivered);
            return true;
        }
        catch (ProduceException<string, byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }

    private void Delivered(DeliveryReport<string, byte[]> report)
    {
        if (report.Error.IsError)
        {
            Interlocked.Increment(ref _failed);
        }
    }

    /// <summary>Keyed by visitor, so that one visitor's events stay in order.</summary>
    private static Message<string, byte[]> Message(in AdEvent adEvent) => new()
    {
        Key = adEvent.Visitor,
        Value = AdEventFormat.Write(adEvent),
        Timestamp = new Timestamp(adEvent.At),
    };
}
