using System.Security.Cryptography;
using System.Text;

namespace Freshet.Coordination.Access;

/// <summary>
/// The server's side of one DIGEST-MD5 authentication (RFC 2831), as ZooKeeper uses it: the client begins with an empty token, the
/// server challenges, the client answers with a hash, and the server proves in turn that it knows the password.
/// </summary>
/// <param name="users">Passwords by user.</param>
internal sealed class DigestMd5Exchange(IReadOnlyDictionary<string, string> users)
{
    /// <summary>Longest answer, from RFC 2831, 2.1.2.</summary>
    private const int MostAnswerBytes = 4096;
    private const string Realm = "zk-sasl-md5";
    private const string DigestUri = "zookeeper/" + Realm;
    private const string FirstUse = "00000001";
    private const string Quality = "auth";

    private readonly string _nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));
    private bool _challenged;

    /// <summary>Who the client has proved to be; null until it has.</summary>
    public string? User { get; private set; }

    /// <summary>Takes the client's next token and gives the server's; null when the client has failed.</summary>
    public byte[]? Next(ReadOnlySpan<byte> token)
    {
        if (!_challenged && token.IsEmpty)
        {
            _challenged = true;
            return Encoding.ASCII.GetBytes($"realm=\"{Realm}\",nonce=\"{_nonce}\",qop=\"{Quality}\",charset=utf-8,algorithm=md5-sess");
        }

        return _challenged && User is null && token.Length <= MostAnswerBytes && DigestDirectives.Parse(token) is Dictionary<string, string> answer
            ? Verify(answer)
            : null;
    }

    private byte[]? Verify(Dictionary<string, string> answer)
    {
        string user = answer.GetValueOrDefault("username", "");
        string authzid = answer.GetValueOrDefault("authzid", "");
        string realm = answer.GetValueOrDefault("realm", "");
        string clientNonce = answer.GetValueOrDefault("cnonce", "");
        if (answer.GetValueOrDefault("nonce") != _nonce || answer.GetValueOrDefault("nc") != FirstUse || clientNonce.Length == 0
            || answer.GetValueOrDefault("qop", Quality) != Quality || realm is not ("" or Realm)
            || !string.Equals(answer.GetValueOrDefault("digest-uri"), DigestUri, StringComparison.OrdinalIgnoreCase)
            || (authzid.Length > 0 && authzid != user) || !users.TryGetValue(user, out string? password))
        {
            return null;
        }

        string secret = SessionSecret(user, realm, password, clientNonce, authzid);
        byte[] expected = Encoding.ASCII.GetBytes(Proof(secret, clientNonce, "AUTHENTICATE:" + answer["digest-uri"]));
        if (!CryptographicOperations.FixedTimeEquals(expected, Encoding.ASCII.GetBytes(answer.GetValueOrDefault("response", ""))))
        {
            return null;
        }

        User = user;
        return Encoding.ASCII.GetBytes("rspauth=" + Proof(secret, clientNonce, ":" + answer["digest-uri"]));
    }

    /// <summary>The hash that RFC 2831 calls H(A1), in hex.</summary>
    private string SessionSecret(string user, string realm, string password, string clientNonce, string authzid)
    {
        byte[] login = Hash([.. Bytes(user), (byte)':', .. Bytes(realm), (byte)':', .. Bytes(password)]);
        string session = $":{_nonce}:{clientNonce}" + (authzid.Length > 0 ? ":" + authzid : "");
        return Convert.ToHexStringLower(Hash([.. login, .. Encoding.UTF8.GetBytes(session)]));
    }

    private string Proof(string secret, string clientNonce, string what)
    {
        string hashed = Convert.ToHexStringLower(Hash(Encoding.UTF8.GetBytes(what)));
        return Convert.ToHexStringLower(Hash(Encoding.UTF8.GetBytes($"{secret}:{_nonce}:{FirstUse}:{clientNonce}:{Quality}:{hashed}")));
    }

    /// <summary>RFC 2831, 2.1.2.1: what fits into ISO 8859-1 is hashed in it, everything else in UTF-8.</summary>
    private static byte[] Bytes(string text) => text.All(character => character <= '\u00ff') ? Encoding.Latin1.GetBytes(text) : Encoding.UTF8.GetBytes(text);

#pragma warning disable CA5351 // The algorithm is the protocol's; whoever wants better uses TLS certificates.
    private static byte[] Hash(byte[] bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351
}
