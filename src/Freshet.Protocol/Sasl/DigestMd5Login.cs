using System.Security.Cryptography;
using System.Text;

namespace Freshet.Protocol.Sasl;

/// <summary>
/// One login with DIGEST-MD5 (RFC 2831) as ZooKeeper uses it: what client and server both know once the client has answered, and the
/// proofs that follow from it.
/// </summary>
/// <param name="User">Who logs in.</param>
/// <param name="Realm">As the client says it; empty when it does not.</param>
/// <param name="ServerNonce">The server's.</param>
/// <param name="ClientNonce">The client's.</param>
/// <param name="AuthorizationId">Whom the user wants to be, empty for itself.</param>
/// <param name="Uri">The service as the client says it.</param>
public sealed record DigestMd5Login(string User, string Realm, string ServerNonce, string ClientNonce, string AuthorizationId, string Uri)
{
    /// <summary>The realm of every ZooKeeper server.</summary>
    public const string ZooKeeperRealm = "zk-sasl-md5";

    /// <summary>The service of every ZooKeeper server.</summary>
    public const string ZooKeeperUri = "zookeeper/" + ZooKeeperRealm;

    /// <summary>The count of uses of the server's nonce; it is never used again.</summary>
    public const string FirstUse = "00000001";

    /// <summary>Authentication, without protection of what follows.</summary>
    public const string Quality = "auth";

    /// <summary>What the client shows to prove that it knows the password.</summary>
    public string ClientProof(string password) => Proof(password, "AUTHENTICATE:" + Uri);

    /// <summary>What the server shows in turn.</summary>
    public string ServerProof(string password) => Proof(password, ":" + Uri);

    private string Proof(string password, string what) =>
        Hex(Encoding.UTF8.GetBytes($"{Secret(password)}:{ServerNonce}:{FirstUse}:{ClientNonce}:{Quality}:{Hex(Encoding.UTF8.GetBytes(what))}"));

    /// <summary>The hash that RFC 2831 calls H(A1), in hex.</summary>
    private string Secret(string password)
    {
        byte[] login = Hash([.. Bytes(User), (byte)':', .. Bytes(Realm), (byte)':', .. Bytes(password)]);
        string session = $":{ServerNonce}:{ClientNonce}" + (AuthorizationId.Length > 0 ? ":" + AuthorizationId : "");
        return Hex([.. login, .. Encoding.UTF8.GetBytes(session)]);
    }

    /// <summary>RFC 2831, 2.1.2.1: what fits into ISO 8859-1 is hashed in it, everything else in UTF-8.</summary>
    private static byte[] Bytes(string text) => text.All(character => character <= '\u00ff') ? Encoding.Latin1.GetBytes(text) : Encoding.UTF8.GetBytes(text);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(Hash(bytes));

#pragma warning disable CA5351 // The algorithm is the protocol's; whoever wants better uses TLS certificates.
    private static byte[] Hash(byte[] bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351
}
