using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace Freshet.Coordination.Access;

/// <summary>The scheme <c>digest</c>: a client says <c>user:password</c>, an access list says <c>user:base64(SHA1(user:password))</c>.</summary>
/// <param name="superDigest">The identity that passes every access list; null for none.</param>
/// <param name="algorithm">SHA-1, unless all that give and use identities have agreed on another.</param>
internal sealed class DigestScheme(string? superDigest, HashAlgorithmName algorithm) : IAuthenticationProvider
{
    public string Scheme => "digest";

    public static bool IsDigest(string id) => id.Split(':').Length == 2;

    /// <summary>The identity without its hash, for those who must not take it home.</summary>
    public static string Mask(string id) => User(id) + ":x";

    public bool IsValid(string id) => IsDigest(id);

    public bool IsSuper(string identity) => superDigest is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(identity), Encoding.UTF8.GetBytes(superDigest));

    public string UserOf(string identity) => User(identity);

    /// <summary>The identity that the credentials prove; null when they have no colon.</summary>
    public string? Authenticate(ConnectionContext connection, ReadOnlySpan<byte> credentials)
    {
        int colon = credentials.IndexOf((byte)':');
        if (colon < 0)
        {
            return null;
        }

        byte[] hash = CryptographicOperations.HashData(algorithm, credentials);
        return $"{Encoding.UTF8.GetString(credentials[..colon])}:{Convert.ToBase64String(hash)}";
    }

    private static string User(string id) => id.Split(':')[0];
}
