using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Access;

/// <summary>Which access lists a client may set, and what it is shown of them.</summary>
internal static class AccessRules
{
    /// <summary>Checks a list that a client wants to set and puts the client's own identities where it says <c>auth</c>.</summary>
    public static ErrorCode Accept(Acl[]? wanted, Identities client, out AclList list)
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
                if (client.Proved.Count == 0)
                {
                    return ErrorCode.InvalidAcl;
                }

                accepted.AddRange(client.Proved.Select(identity => new Acl(entry.Permissions, identity.Scheme, identity.Id)));
            }
            else if (IsValid(entry))
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

    private static bool IsValid(Acl entry) => entry.Scheme switch
    {
        "world" => entry.Id == "anyone",
        "digest" => DigestScheme.IsValid(entry.Id),
        "ip" => IpScheme.IsValid(entry.Id),
        _ => false,
    };
}
