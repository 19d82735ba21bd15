using System.Security.Cryptography;
using System.Text;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Sasl;

namespace Freshet.Coordination.Client.Connection;

/// <summary>
/// The client's side of a login with SASL DIGEST-MD5: an empty token, the answer to the server's challenge, and a look at the server's own
/// proof. The password is not told.
/// </summary>
internal sealed class SaslLogin
{
    /// <summary>The scheme of credentials that are proved so.</summary>
    public const string Scheme = "sasl";

    private readonly string _user;
    private readonly string _password;
    private DigestMd5Login? _login;

    /// <param name="secret"><c>user:password</c> in UTF-8.</param>
    public SaslLogin(ReadOnlySpan<byte> secret)
    {
        string text = Encoding.UTF8.GetString(secret);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        (_user, _password) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
    }

    /// <summary>Takes the server's token and gives the next one; null when the login is complete.</summary>
    /// <exception cref="JuteException">The server speaks another mechanism, or does not know the password.</exception>
    public byte[]? Next(ReadOnlySpan<byte> token)
    {
        Dictionary<string, string> said = DigestDirectives.Parse(token) ?? [];
        if (_login is not null)
        {
            byte[] proof = Encoding.ASCII.GetBytes(said.GetValueOrDefault("rspauth", ""));
            return CryptographicOperations.FixedTimeEquals(proof, Encoding.ASCII.GetBytes(_login.ServerProof(_password)))
                ? null
                : throw new JuteException("The server did not prove that it knows the password.");
        }

        if (!said.TryGetValue("nonce", out string? nonce))
        {
            throw new JuteException("The server asks for another SASL mechanism than DIGEST-MD5.");
        }

        _login = new DigestMd5Login(
            _user, said.GetValueOrDefault("realm", DigestMd5Login.ZooKeeperRealm), nonce, Convert.ToBase64String(RandomNumberGenerator.GetBytes(18)),
            AuthorizationId: "", DigestMd5Login.ZooKeeperUri);
        return Encoding.UTF8.GetBytes(
            $"charset=utf-8,username={Quote(_user)},realm={Quote(_login.Realm)},nonce={Quote(nonce)},nc={DigestMd5Login.FirstUse},cnonce={Quote(_login.ClientNonce)},"
            + $"digest-uri={Quote(_login.Uri)},response={_login.ClientProof(_password)},qop={DigestMd5Login.Quality}");
    }

    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
