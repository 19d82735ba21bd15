namespace Freshet.Protocol.Jute;

/// <summary>What an access list entry permits. The bits are the wire's.</summary>
[Flags]
public enum AclPermissions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Read data and list children.</summary>
    Read = 1,

    /// <summary>Set data.</summary>
    Write = 2,

    /// <summary>Create children.</summary>
    Create = 4,

    /// <summary>Delete children.</summary>
    Delete = 8,

    /// <summary>Set the access list.</summary>
    Admin = 16,

    /// <summary>Everything.</summary>
    All = 31,
}

/// <summary>One entry of an access list: int perms, string scheme, string id.</summary>
/// <param name="Permissions">What is permitted.</param>
/// <param name="Scheme">How the identity is established, such as <c>world</c>, <c>digest</c> or <c>ip</c>.</param>
/// <param name="Id">The identity, in the scheme's own form.</param>
public readonly record struct Acl(AclPermissions Permissions, string Scheme, string Id)
{
    /// <summary>Least encoded size in bytes.</summary>
    public const int MinSize = 12;

    /// <summary>Everyone may do everything.</summary>
    public static IReadOnlyList<Acl> Open { get; } = [new(AclPermissions.All, "world", "anyone")];

    /// <summary>Reads a vector; null gives null.</summary>
    public static Acl[]? ReadList(ref JuteReader reader)
    {
        int count = reader.ReadCount(MinSize, out bool isNull);
        if (isNull)
        {
            return null;
        }

        var list = new Acl[count];
        for (int i = 0; i < count; i++)
        {
            list[i] = new Acl((AclPermissions)reader.ReadInt32(), reader.ReadPath(), reader.ReadPath());
        }

        return list;
    }

    /// <summary>Writes a vector.</summary>
    public static void WriteList(JuteWriter writer, IReadOnlyList<Acl> list)
    {
        writer.WriteInt32(list.Count);
        foreach (Acl entry in list)
        {
            writer.WriteInt32((int)entry.Permissions);
            writer.WriteString(entry.Scheme);
            writer.WriteString(entry.Id);
        }
    }
}
