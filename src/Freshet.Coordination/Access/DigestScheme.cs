using System.Security.Cryptography;
using System.Text;

namespace Freshet.Coordination.Access;

/// <summary>The scheme <c>digest</c>: a client says <c>user:password</c>, an access list says <c>user:base64(SHA1(user:password))</c>.</summary>
internal static class DigestScheme
{
    public static bool IsValid(string id) => id.Split(':').Length == 2;

    /// <summary>The identity that the credentials prove; null when they have no colon.</summary>
    public static string? Prove(ReadOnlySpan<byte> credentials)
    {
        int colon = credentials.IndexOf((byte)':');
        if (colon < 0)
        {
            return null;
        }

#pragma warning disable CA5350 // The algorithm is the protocol's: clients compute these identities too.
        byte[] hash = SHA1.HashData(credentials);
#pragma warning restore CA5350
        return $"{Encoding.UTF8.GetString(credentials[..colon])}:{Convert.ToBase64String(hash)}";
    }

    /// <summary>The identity without its hash, for those who must not take it home.</summary>
    public static string Mask(string id) => id.Split(':')[0] + ":x";
}
