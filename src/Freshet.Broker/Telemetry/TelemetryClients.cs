using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Telemetry;

/// <summary>The clients that send metrics, those heard of lately. Safe for any thread.</summary>
internal sealed class TelemetryClients(MetricsSubscriptions subscriptions, TimeProvider time)
{
    /// <summary>Most clients that are remembered, some hundred bytes each; Kafka's own. One that is forgotten is only not held back.</summary>
    private const int Most = 16_384;

    private static readonly TimeSpan LeastMemory = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, TelemetryClient> _clients = [];
    private DateTimeOffset _lastSwept;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _clients.Count;
            }
        }
    }

    /// <summary>A client asks what to send.</summary>
    public (ErrorCode Error, AskedMetrics Asked) Ask(ClientDescription description)
    {
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            TelemetryClient client = Of(description, now);
            return (client.Ask(now), client.Asked);
        }
    }

    /// <summary>A client sends: whether that may be, before what it sends is looked at.</summary>
    public (ErrorCode Error, AskedMetrics Asked) Push(ClientDescription description, int subscription, bool terminating)
    {
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            TelemetryClient client = Of(description, now);
            return (client.Push(now, subscription, terminating), client.Asked);
        }
    }

    /// <summary>Notes that what a client sent could not be taken.</summary>
    public void Failed(Guid instanceId, ErrorCode error)
    {
        lock (_lock)
        {
            _clients.GetValueOrDefault(instanceId)?.Failed(error);
        }
    }

    private TelemetryClient Of(ClientDescription description, DateTimeOffset now)
    {
        AskedMetrics asked = subscriptions.Of(description);
        if (!_clients.TryGetValue(description.InstanceId, out TelemetryClient? client) || client.Asked.Id != asked.Id)
        {
            Sweep(now);
            _clients[description.InstanceId] = client = new TelemetryClient(asked);
        }

        client.LastSeen = now;
        return client;
    }

    /// <summary>Forgets those not heard of for three intervals, and when there are still too many, those not heard of for longest.</summary>
    private void Sweep(DateTimeOffset now)
    {
        if (_clients.Count < Most && now - _lastSwept < LeastMemory)
        {
            return;
        }

        _lastSwept = now;
        var gone = _clients.Where(each => now - each.Value.LastSeen > Memory(each.Value)).Select(each => each.Key).ToList();
        if (_clients.Count - gone.Count >= Most)
        {
            gone = [.. _clients.OrderBy(each => each.Value.LastSeen).Take(Most / 16).Select(each => each.Key)];
        }

        gone.ForEach(id => _clients.Remove(id));
    }

    private static TimeSpan Memory(TelemetryClient client) => 3 * client.Asked.Interval is var memory && memory > LeastMemory ? memory : LeastMemory;
}
