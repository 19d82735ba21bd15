using System.Net;
using Freshet.Coordination.Sessions;

namespace Freshet.Coordination.Connections;

/// <summary>Counts connections and turns away those beyond the limits. Those within the process are the host's own and do not count.</summary>
internal sealed class ConnectionLimits(CoordinationOptions options, CoordinationLog log, MonotonicClock clock)
{
    /// <summary>Milliseconds between two lines in the log: whoever opens too many connections opens very many.</summary>
    private const long LogInterval = 1000;

    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private int _count;
    private int _suppressed;
    private long _logAgainAt;

    /// <summary>Counts a new connection; false when it is one too many. <see cref="Release"/> follows either way.</summary>
    public bool Admit(ClientConnection connection)
    {
        if (AddressOf(connection) is not IPAddress address)
        {
            return true;
        }

        _count++;
        int here = _byAddress[address] = _byAddress.GetValueOrDefault(address) + 1;
        string? reason =
            options.MaxConnections > 0 && _count > options.MaxConnections ? $"there are {options.MaxConnections} connections, the most allowed"
            : options.MaxConnectionsPerAddress > 0 && here > options.MaxConnectionsPerAddress
                ? $"its address has {options.MaxConnectionsPerAddress} connections, the most allowed"
            : null;
        if (reason is not null)
        {
            Log(connection, reason);
        }

        return reason is null;
    }

    public void Release(ClientConnection connection)
    {
        if (AddressOf(connection) is not IPAddress address)
        {
            return;
        }

        _count--;
        if (--_byAddress[address] == 0)
        {
            _byAddress.Remove(address);
        }
    }

    private static IPAddress? AddressOf(ClientConnection connection) => (connection.RemoteEndPoint as IPEndPoint)?.Address;

    private void Log(ClientConnection connection, string reason)
    {
        if (clock.Now < _logAgainAt)
        {
            _suppressed++;
            return;
        }

        log.TooManyConnections(connection.RemoteAddress, reason, _suppressed);
        (_suppressed, _logAgainAt) = (0, clock.Now + LogInterval);
    }
}
