using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Access;

/// <summary>
/// The place where permissions are decided. For now every list a client may set says <c>world:anyone</c>, so only its bits
/// count; identities of connections come with the authentication schemes.
/// </summary>
internal static class AccessRules
{
    /// <summary>Checks and completes a list that a client wants to set.</summary>
    public static ErrorCode Accept(Acl[]? wanted, out AclList list)
    {
        list = AclList.Open;
        if (wanted is null or [])
        {
            return ErrorCode.InvalidAcl;
        }

        foreach (Acl entry in wanted)
        {
            if (entry is not { Scheme: "world", Id: "anyone" })
            {
                return ErrorCode.InvalidAcl;
            }
        }

        list = wanted is [{ Permissions: AclPermissions.All }] ? AclList.Open : new AclList([.. wanted.Distinct()]);
        return ErrorCode.Ok;
    }

    /// <summary>Whether the list grants any of the permissions asked for.</summary>
    public static bool Allows(AclList list, AclPermissions any)
    {
        if (ReferenceEquals(list, AclList.Open))
        {
            return true;
        }

        foreach (Acl entry in list.Entries)
        {
            if ((entry.Permissions & any) != 0)
            {
                return true;
            }
        }

        return false;
    }
}
