using Freshet.Protocol.Jute;
using Microsoft.AspNetCore.Connections;

namespace Freshet.Coordination.Access;

/// <summary>One identity of a connection.</summary>
/// <param name="Provider">The scheme it is under.</param>
/// <param name="Id">Who, in the scheme's own form.</param>
internal sealed record Identity(IAuthenticationProvider Provider, string Id)
{
    public string Scheme => Provider.Scheme;
}

/// <summary>Who a connection is: what it came with, and whatever it has proved since it was opened.</summary>
internal sealed class Identities
{
    private readonly AuthenticationSchemes? _schemes;
    private readonly List<Identity> _all = [];

    // Requests of one connection mostly meet the same list again and again; what it grants is found once.
    private AclList? _lastList;
    private AclPermissions _lastGranted;

    public Identities(AuthenticationSchemes schemes, ConnectionContext connection)
    {
        _schemes = schemes;
        IsSuper = schemes.AskNothing;
        // Only the host itself can connect within the process.
        IsAdmitted = !schemes.AreRequired || connection.RemoteEndPoint is null;
        foreach (IAuthenticationProvider provider in schemes.All)
        {
            foreach (string id in provider.Identify(connection))
            {
                Add(new Identity(provider, id));
            }
        }
    }

    private Identities() => IsSuper = IsAdmitted = true;

    /// <summary>The server itself, which asks no permission.</summary>
    public static Identities Server { get; } = new();

    /// <summary>All identities, in the order they were gained.</summary>
    public IReadOnlyList<Identity> All => _all;

    /// <summary>Whether one of the identities passes every access list.</summary>
    public bool IsSuper { get; private set; }

    /// <summary>Whether the connection may do anything but authenticate.</summary>
    public bool IsAdmitted { get; private set; }

    public void Add(Identity identity)
    {
        if (_all.Contains(identity))
        {
            return;
        }

        _all.Add(identity);
        _lastList = null;
        IsSuper |= identity.Provider.IsSuper(identity.Id);
        IsAdmitted |= _schemes!.Admits(identity.Scheme);
    }

    /// <summary>Whether the list grants any of the permissions to these identities.</summary>
    public bool Allow(AclList list, AclPermissions any)
    {
        if (ReferenceEquals(list, AclList.Open) || IsSuper)
        {
            return true;
        }

        if (!ReferenceEquals(list, _lastList))
        {
            (_lastList, _lastGranted) = (list, Granted(list));
        }

        return (_lastGranted & any) != 0;
    }

    private AclPermissions Granted(AclList list)
    {
        AclPermissions granted = 0;
        foreach (Acl entry in list.Entries)
        {
            foreach (Identity identity in _all)
            {
                if (identity.Scheme == entry.Scheme && identity.Provider.Matches(identity.Id, entry.Id))
                {
                    granted |= entry.Permissions;
                }
            }
        }

        return granted;
    }
}
