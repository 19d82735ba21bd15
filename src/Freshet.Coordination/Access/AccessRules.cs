using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Access;

/// <summary>Which access lists a client may set, and what it is shown of them.</summary>
internal static class AccessRules
{
    /// <summary>Checks a list that a client wants to set and puts the client's own identities where it says <c>auth</c>.</summary>
    public static ErrorCode Accept(Acl[]? wanted, Identities client, AuthenticationSchemes schemes, out AclList list)
    {
        list = AclList.Open;
        if (wanted is [{ Permissions: AclPermissions.All, Scheme: "world", Id: "anyone" }])
        {
            return ErrorCode.Ok;
        }

        List<Acl> accepted = [];
        foreach (Acl entry in wanted ?? [])
        {
            if (entry.Scheme == "auth")
            {
                Identity[] proved = [.. client.All.Where(identity => identity.Provider.IsAuthenticated)];
                if (proved.Length == 0)
                {
                    return ErrorCode.InvalidAcl;
                }

                accepted.AddRange(proved.Select(identity => new Acl(entry.Permissions, identity.Scheme, identity.Id)));
            }
            else if (schemes.Find(entry.Scheme)?.IsValid(entry.Id) == true)
            {
                accepted.Add(entry);
            }
            else
            {
                return ErrorCode.InvalidAcl;
            }
        }

        list = new AclList([.. accepted.Distinct()]);
        return accepted.Count == 0 ? ErrorCode.InvalidAcl : ErrorCode.Ok;
    }

    /// <summary>The list as the client may see it: without administering it, it learns who is named but no hash.</summary>
    public static AclList Show(AclList list, Identities client) =>
        client.Allow(list, AclPermissions.Admin) || list.Entries.All(entry => entry.Scheme != "digest")
            ? list
            : new AclList([.. list.Entries.Select(entry => entry.Scheme == "digest" ? entry with { Id = DigestScheme.Mask(entry.Id) } : entry)]);
}
