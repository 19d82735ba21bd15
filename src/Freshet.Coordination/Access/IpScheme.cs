using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Freshet.Coordination.Access;

/// <summary>The scheme <c>ip</c>: an address, or a network as <c>address/bits</c> whose leading bits count.</summary>
internal sealed class IpScheme : IAuthenticationProvider
{
    public string Scheme => "ip";

    public bool IsAuthenticated => false;

    public IEnumerable<string> Identify(ConnectionContext connection) => [AddressOf(connection)];

    public string? Authenticate(ConnectionContext connection, ReadOnlySpan<byte> credentials) => AddressOf(connection);

    public bool IsValid(string id) => TryParse(id, out _, out _);

    public bool Matches(string identity, string listed)
    {
        if (!IPAddress.TryParse(identity, out IPAddress? address)
            || !TryParse(listed, out IPAddress? network, out int bits) || network!.AddressFamily != address.AddressFamily)
        {
            return false;
        }

        byte[] wanted = network.GetAddressBytes();
        byte[] actual = address.GetAddressBytes();
        for (int i = 0; i < wanted.Length && bits > 0; i++, bits -= 8)
        {
            int mask = bits >= 8 ? 0xff : 0xff << (8 - bits);
            if (((wanted[i] ^ actual[i]) & mask) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private static string AddressOf(ConnectionContext connection)
    {
        // A connection inside the process counts as one from the same machine.
        IPAddress address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.Loopback;
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }

    private static bool TryParse(string id, out IPAddress? network, out int bits)
    {
        string[] parts = id.Split('/');
        bits = 0;
        if (!IPAddress.TryParse(parts[0], out network) || parts.Length > 2)
        {
            return false;
        }

        int most = network.GetAddressBytes().Length * 8;
        bits = most;
        return parts.Length == 1 || (int.TryParse(parts[1], out bits) && bits >= 0 && bits <= most);
    }
}
