using System.Collections.Frozen;
using Freshet.Broker.Access;
using Freshet.Broker.Authentication;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Connections;

/// <summary>How clients say who they are on each listener: as its own options have it, else the broker's.</summary>
internal sealed class ListenerAccess : IAsyncDisposable
{
    private readonly Way _usual;
    private readonly FrozenDictionary<string, Way> _own;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <param name="findScram">Finds a user's SCRAM credential.</param>
    /// <exception cref="ArgumentException">A mechanism is not known, or lacks what it needs.</exception>
    /// <exception cref="FormatException">The rules for certificates cannot be read.</exception>
    public ListenerAccess(BrokerOptions options, Func<ScramHash, string, ScramCredential?> findScram, TimeProvider time, ILogger logger)
    {
        _time = time;
        _logger = logger;
        _usual = new Way(options.Sasl, new SaslMechanisms(options.Sasl, findScram, time, logger), new CertificatePrincipals(options.CertificatePrincipalRules));
        _own = options.PerListener.ToFrozenDictionary(listener => listener.Key, listener => OwnWay(listener.Value, findScram), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Begins a client's authentication; null where nobody is asked who they are.</summary>
    public SaslSession? Begin(Peer peer) =>
        peer.Listener.UsesSasl && Of(peer.Listener) is var way ? new SaslSession(way.Mechanisms, peer, way.Sasl, _time, _logger) : null;

    /// <summary>The names that a listener makes of certificates.</summary>
    public CertificatePrincipals CertificatesOf(BrokerListener listener) => Of(listener).Certificates;

    public async ValueTask DisposeAsync()
    {
        foreach (Way own in _own.Values.Append(_usual))
        {
            await own.Mechanisms.DisposeAsync().ConfigureAwait(false);
        }
    }

    private Way OwnWay(ListenerOptions own, Func<ScramHash, string, ScramCredential?> findScram) => new(
        own.Sasl ?? _usual.Sasl,
        own.Sasl is { } sasl ? new SaslMechanisms(sasl, findScram, _time, _logger) : _usual.Mechanisms,
        own.CertificatePrincipalRules is { } rules ? new CertificatePrincipals(rules) : _usual.Certificates);

    private Way Of(BrokerListener listener) => _own.TryGetValue(listener.Name, out Way? own) ? own : _usual;

    private sealed record Way(SaslOptions Sasl, SaslMechanisms Mechanisms, CertificatePrincipals Certificates);
}
