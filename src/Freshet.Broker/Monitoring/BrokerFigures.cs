using System.Collections.Concurrent;

namespace Freshet.Broker.Monitoring;

/// <summary>What the broker counts of itself.</summary>
internal sealed class BrokerFigures
{
    private readonly ConcurrentDictionary<string, ConnectionFigures> _connections = new();

    /// <summary>Everything in and out, of topics deleted since too.</summary>
    public Traffic Traffic { get; } = new();

    public RequestFigures Requests { get; } = new();

    public TelemetryFigures Telemetry { get; } = new();

    /// <summary>Connections by the listener they came in on.</summary>
    public IEnumerable<KeyValuePair<string, ConnectionFigures>> Connections => _connections;

    public ConnectionFigures ConnectionsOf(string listener) => _connections.GetOrAdd(listener, _ => new ConnectionFigures());
}
