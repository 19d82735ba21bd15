using System.Collections.Frozen;
using Freshet.Broker.Quotas;

namespace Freshet.Broker.Connections;

/// <summary>Counts new connections and says how long one that comes too soon waits, by the limits of its listener and of the broker. Safe for any thread.</summary>
internal sealed class ConnectionRates
{
    private readonly Rate? _ofBroker;
    private readonly FrozenDictionary<string, Rate> _ofListeners;

    public ConnectionRates(BrokerOptions options, TimeProvider time)
    {
        _ofBroker = Rate.Of(options.MaxConnectionCreationRate, time);
        _ofListeners = options.PerListener
            .Select(listener => (listener.Key, Rate: Rate.Of(listener.Value.MaxConnectionCreationRate ?? int.MaxValue, time)))
            .Where(listener => listener.Rate is not null)
            .ToFrozenDictionary(listener => listener.Key, listener => listener.Rate!, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Counts a new connection.</summary>
    /// <returns>How long it waits before it is served; zero when it came in time.</returns>
    public TimeSpan Take(BrokerListener listener)
    {
        TimeSpan broker = _ofBroker?.Take() ?? TimeSpan.Zero;
        TimeSpan own = _ofListeners.GetValueOrDefault(listener.Name)?.Take() ?? TimeSpan.Zero;
        return broker > own ? broker : own;
    }

    private sealed class Rate(int limit, TimeProvider time)
    {
        private readonly RateWindow _window = new(time);

        public static Rate? Of(int limit, TimeProvider time) => limit == int.MaxValue ? null : new Rate(limit, time);

        public TimeSpan Take() => _window.Add(1, limit);
    }
}
