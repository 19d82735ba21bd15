using System.Collections.Frozen;
using System.Net;

namespace Freshet.Broker.Connections;

/// <summary>Counts connections and says no to those beyond the limits. Safe for any thread.</summary>
internal sealed class ConnectionLimits(BrokerOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private readonly Dictionary<string, int> _byListener = [];
    private readonly Dictionary<IPAddress, int> _maxByAddress = new(options.MaxConnectionsByAddress);
    private readonly FrozenDictionary<string, ListenerOptions> _listeners = options.PerListener.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    private int _all;
    private int _unknown;

    /// <summary>A place for the connection, given back when disposed; null when there is none.</summary>
    public Place? TryTake(Peer peer)
    {
        lock (_lock)
        {
            if (!HasPlace(peer))
            {
                return null;
            }

            _all++;
            Count(_byAddress, peer.Address, 1);
            Count(_byListener, peer.Listener.Name, 1);
            _unknown += peer.IsKnown ? 0 : 1;
        }

        var place = new Place(this, peer, peer.IsKnown);
        if (peer.Sasl is { } sasl)
        {
            sasl.Authenticated += place.BecomeKnown;
        }

        return place;
    }

    private bool HasPlace(Peer peer) =>
        _all < options.MaxConnections
        && _byAddress.GetValueOrDefault(peer.Address) < _maxByAddress.GetValueOrDefault(peer.Address, options.MaxConnectionsPerAddress)
        && _byListener.GetValueOrDefault(peer.Listener.Name) < (_listeners.GetValueOrDefault(peer.Listener.Name)?.MaxConnections ?? int.MaxValue)
        && (peer.IsKnown || _unknown < (peer.Sasl?.Options ?? options.Sasl).MaxConnections);

    private static void Count<T>(Dictionary<T, int> counts, T key, int change)
        where T : notnull
    {
        int count = counts.GetValueOrDefault(key) + change;
        if (count == 0)
        {
            counts.Remove(key);
        }
        else
        {
            counts[key] = count;
        }
    }

    /// <summary>What a connection takes up.</summary>
    internal sealed class Place(ConnectionLimits limits, Peer peer, bool isKnown) : IDisposable
    {
        private bool _isKnown = isKnown;

        /// <summary>The client has authenticated, so that it counts no longer among those who have not.</summary>
        public void BecomeKnown()
        {
            lock (limits._lock)
            {
                limits._unknown -= _isKnown ? 0 : 1;
                _isKnown = true;
            }
        }

        public void Dispose()
        {
            BecomeKnown();
            lock (limits._lock)
            {
                limits._all--;
                Count(limits._byAddress, peer.Address, -1);
                Count(limits._byListener, peer.Listener.Name, -1);
            }
        }
    }
}
