using System.Security.Cryptography;
using System.Text;
using Freshet.Protocol.Sasl;

namespace Freshet.Coordination.Access;

/// <summary>
/// The server's side of one DIGEST-MD5 authentication (RFC 2831), as ZooKeeper uses it: the client begins with an empty token, the
/// server challenges, the client answers with a hash, and the server proves in turn that it knows the password.
/// </summary>
/// <param name="users">Passwords by user.</param>
internal sealed class DigestMd5Exchange(IReadOnlyDictionary<string, string> users)
{
    /// <summary>Longest answer, from RFC 2831, 2.1.2.</summary>
    private const int MaxAnswerBytes = 4096;

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
            return Encoding.ASCII.GetBytes($"realm=\"{DigestMd5Login.ZooKeeperRealm}\",nonce=\"{_nonce}\",qop=\"{DigestMd5Login.Quality}\",charset=utf-8,algorithm=md5-sess");
        }

        return _challenged && User is null && token.Length <= MaxAnswerBytes && DigestDirectives.Parse(token) is Dictionary<string, string> answer
            ? Verify(answer)
            : null;
    }

    private byte[]? Verify(Dictionary<string, string> answer)
    {
        var login = new DigestMd5Login(
            answer.GetValueOrDefault("username", ""), answer.GetValueOrDefault("realm", ""), _nonce, answer.GetValueOrDefault("cnonce", ""),
            answer.GetValueOrDefault("authzid", ""), answer.GetValueOrDefault("digest-uri", ""));
        if (!IsSane(answer, login) || !users.TryGetValue(login.User, out string? password))
        {
            return null;
        }

        byte[] expected = Encoding.ASCII.GetBytes(login.ClientProof(password));
        if (!CryptographicOperations.FixedTimeEquals(expected, Encoding.ASCII.GetBytes(answer.GetValueOrDefault("response", ""))))
        {
            return null;
        }

        User = login.User;
        return Encoding.ASCII.GetBytes("rspauth=" + login.ServerProof(password));
    }

    private bool IsSane(Dictionary<string, string> answer, DigestMd5Login login) =>
        answer.GetValueOrDefault("nonce") == _nonce && answer.GetValueOrDefault("nc") == DigestMd5Login.FirstUse && login.ClientNonce.Length > 0
        && answer.GetValueOrDefault("qop", DigestMd5Login.Quality) == DigestMd5Login.Quality && login.Realm is "" or DigestMd5Login.ZooKeeperRealm
        && string.Equals(login.Uri, DigestMd5Login.ZooKeeperUri, StringComparison.OrdinalIgnoreCase)
        && (login.AuthorizationId.Length == 0 || login.AuthorizationId == login.User);
}
