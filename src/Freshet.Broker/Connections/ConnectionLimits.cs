using System.Net;
using Freshet.Broker.Cluster.Configs;

namespace Freshet.Broker.Connections;

/// <summary>Counts connections and says no to those beyond the limits. Safe for any thread.</summary>
/// <param name="settings">The limits as they are now; those who are connected stay when they fall.</param>
internal sealed class ConnectionLimits(Func<ConnectionSettings> settings, BrokerOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private readonly Dictionary<string, int> _byListener = [];
    private int _all;
    private int _unknown;

    /// <summary>A place for the connection, given back when disposed; null when there is none.</summary>
    public Place? TryTake(Peer peer)
    {
        lock (_lock)
        {
            if (!HasPlace(peer, settings()))
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

    private bool HasPlace(Peer peer, ConnectionSettings limits) =>
        _all < limits.Max
        && _byAddress.GetValueOrDefault(peer.Address) < limits.MaxFrom(peer.Address)
        && _byListener.GetValueOrDefault(peer.Listener.Name) < limits.MaxOn(peer.Listener.Name)
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
