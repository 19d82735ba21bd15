using System.Net;

namespace Freshet.Broker.Connections;

/// <summary>Counts connections and says no to those beyond the limits. Safe for any thread.</summary>
internal sealed class ConnectionLimits(BrokerOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private int _all;
    private int _unknown;

    /// <summary>A place for the connection, given back when disposed; null when there is none.</summary>
    public Place? TryTake(Peer peer)
    {
        lock (_lock)
        {
            int ofAddress = _byAddress.GetValueOrDefault(peer.Address);
            if (_all >= options.MaxConnections || ofAddress >= options.MaxConnectionsPerAddress || (!peer.IsKnown && _unknown >= options.Sasl.MaxConnections))
            {
                return null;
            }

            _all++;
            _byAddress[peer.Address] = ofAddress + 1;
            _unknown += peer.IsKnown ? 0 : 1;
        }

        var place = new Place(this, peer.Address, isKnown: peer.IsKnown);
        if (peer.Sasl is { } sasl)
        {
            sasl.Authenticated += place.BecomeKnown;
        }

        return place;
    }

    /// <summary>What a connection takes up.</summary>
    internal sealed class Place(ConnectionLimits limits, IPAddress address, bool isKnown) : IDisposable
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
                if (--limits._byAddress[address] == 0)
                {
                    limits._byAddress.Remove(address);
                }
            }
        }
    }
}
