using System.Collections.Concurrent;
using Freshet.Broker.Cluster.Configs;
using Freshet.Broker.Quotas;

namespace Freshet.Broker.Connections;

/// <summary>Counts new connections and says how long one that comes too soon waits, by the limits of its listener and of the broker. Safe for any thread.</summary>
/// <param name="settings">The limits as they are now.</param>
internal sealed class ConnectionRates(Func<ConnectionSettings> settings, TimeProvider time)
{
    // Counted without a limit too: one that is set later holds at once.
    private readonly RateWindow _all = new(time);
    private readonly ConcurrentDictionary<string, RateWindow> _byListener = new();

    /// <summary>Counts a new connection.</summary>
    /// <returns>How long it waits before it is served; zero when it came in time.</returns>
    public TimeSpan Take(BrokerListener listener)
    {
        ConnectionSettings limits = settings();
        TimeSpan broker = _all.Add(1, limits.CreationRate);
        TimeSpan own = _byListener.GetOrAdd(listener.Name, static (_, time) => new RateWindow(time), time).Add(1, limits.CreationRateOn(listener.Name));
        return broker > own ? broker : own;
    }
}
