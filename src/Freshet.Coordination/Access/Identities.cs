using System.Net;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Access;

/// <summary>Who a connection is: its address, and whatever it has proved since it was opened.</summary>
internal sealed class Identities
{
    private readonly List<(string Scheme, string Id)> _proved = [];

    public Identities(EndPoint? remote)
    {
        // A connection inside the process counts as one from the same machine.
        IPAddress address = (remote as IPEndPoint)?.Address ?? IPAddress.Loopback;
        Address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    public IPAddress Address { get; }

    /// <summary>The identities other than the address, in the order they were proved.</summary>
    public IReadOnlyList<(string Scheme, string Id)> Proved => _proved;

    public void Add(string scheme, string id)
    {
        if (!_proved.Contains((scheme, id)))
        {
            _proved.Add((scheme, id));
        }
    }

    /// <summary>Whether the list grants any of the permissions to these identities.</summary>
    public bool Allow(AclList list, AclPermissions any)
    {
        if (ReferenceEquals(list, AclList.Open))
        {
            return true;
        }

        foreach (Acl entry in list.Entries)
        {
            if ((entry.Permissions & any) != 0 && Match(entry))
            {
                return true;
            }
        }

        return false;
    }

    private bool Match(Acl entry) => entry.Scheme switch
    {
        "world" => true,
        "ip" => IpScheme.Matches(entry.Id, Address),
        _ => _proved.Contains((entry.Scheme, entry.Id)),
    };
}
