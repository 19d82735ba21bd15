using Freshet.Protocol.Jute;

namespace Freshet.Cli.Shell;

/// <summary>Access lists as zkCli writes them: <c>scheme:id:permissions,...</c>, permissions being letters of <c>cdrwa</c>.</summary>
internal static class AclText
{
    private static readonly (char Letter, AclPermissions Permission)[] Letters =
    [
        ('c', AclPermissions.Create), ('d', AclPermissions.Delete), ('r', AclPermissions.Read), ('w', AclPermissions.Write), ('a', AclPermissions.Admin),
    ];

    public static Acl[] Parse(string text) => [.. text.Split(',').Select(ParseEntry)];

    public static string Show(AclPermissions permissions) =>
        string.Concat(Letters.Where(known => permissions.HasFlag(known.Permission)).Select(known => known.Letter));

    private static Acl ParseEntry(string text)
    {
        // An id may have colons of its own, such as an address or user:password.
        (int first, int last) = (text.IndexOf(':', StringComparison.Ordinal), text.LastIndexOf(':'));
        if (first <= 0 || first == last)
        {
            throw new ShellException($"'{text}' is no access list entry. Write scheme:id:permissions, such as world:anyone:cdrwa.");
        }

        var permissions = AclPermissions.None;
        foreach (char letter in text[(last + 1)..])
        {
            (char known, AclPermissions permission) = Letters.FirstOrDefault(entry => entry.Letter == letter);
            permissions |= known == letter ? permission : throw new ShellException($"'{letter}' is no permission; they are c, d, r, w and a.");
        }

        return new Acl(permissions, text[..first], text[(first + 1)..last]);
    }
}
