using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Freshet.Broker.Authentication;

/// <summary>
/// One client's SCRAM exchange. The client sends its name and a nonce; the server answers with salt, rounds and a nonce that goes on
/// from the client's; the client proves that it knows the salted password; the server proves that it knows it too.
/// </summary>
/// <param name="serverNonce">Given by tests; random when null.</param>
internal sealed class ScramExchange(ScramHash hash, Func<string, ScramCredential> find, string? serverNonce = null) : ISaslExchange
{
    private const int NonceBytes = 24;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private string? _user;
    private ScramCredential? _credential;
    private string _header = "";
    private string _clientFirst = "";
    private string _serverFirst = "";
    private string _nonce = "";

    public ValueTask<SaslReply> AdvanceAsync(ReadOnlyMemory<byte> token, CancellationToken cancellation)
    {
        string text;
        try
        {
            text = StrictUtf8.GetString(token.Span);
        }
        catch (DecoderFallbackException)
        {
            return new(Malformed());
        }

        return new(_credential is null ? First(text) : Final(text, _credential));
    }

    /// <summary>client-first-message: <c>n,[a=authzid],n=user,r=nonce[,extensions]</c>.</summary>
    private SaslReply First(string message)
    {
        string[] parts = message.Split(',');
        if (parts.Length < 4 || parts[0] is not ("n" or "y") || Attribute(parts[2], 'n') is not { } name || Attribute(parts[3], 'r') is not { Length: > 0 } nonce
            || Unescape(name) is not { Length: > 0 } user)
        {
            return Malformed();
        }

        if (parts[1].Length > 0 && Unescape(Attribute(parts[1], 'a') ?? "") != user)
        {
            return SaslReply.Failed($"Authentication failed: {hash.MechanismName} does not let one user act for another.");
        }

        _header = $"{parts[0]},{parts[1]},";
        _clientFirst = message[_header.Length..];
        _nonce = nonce + (serverNonce ?? Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes)));
        _user = user;
        _credential = find(user);
        _serverFirst = string.Create(CultureInfo.InvariantCulture, $"r={_nonce},s={Convert.ToBase64String(_credential.Salt)},i={_credential.Iterations}");
        return SaslReply.GoOn(Encoding.UTF8.GetBytes(_serverFirst));
    }

    /// <summary>client-final-message: <c>c=header,r=nonce[,extensions],p=proof</c>.</summary>
    private SaslReply Final(string message, ScramCredential credential)
    {
        int proofAt = message.LastIndexOf(",p=", StringComparison.Ordinal);
        string[] parts = message.Split(',');
        if (proofAt < 0 || parts.Length < 3 || Attribute(parts[0], 'c') is not { } binding || Attribute(parts[1], 'r') is not { } nonce
            || TryDecode(message[(proofAt + 3)..]) is not { } proof || proof.Length != hash.Bytes)
        {
            return Malformed();
        }

        // The header once more, now covered by the proof: nobody on the way has changed it. The nonce: this is no replay.
        if (TryDecode(binding) is not { } header || Encoding.UTF8.GetString(header) != _header || !FixedTimeEquals(nonce, _nonce))
        {
            return Invalid();
        }

        byte[] authMessage = Encoding.UTF8.GetBytes($"{_clientFirst},{_serverFirst},{message[..proofAt]}");
        byte[] clientKey = hash.Hmac(credential.StoredKey, authMessage);
        for (int index = 0; index < clientKey.Length; index++)
        {
            clientKey[index] ^= proof[index];
        }

        return CryptographicOperations.FixedTimeEquals(hash.Hash(clientKey), credential.StoredKey)
            ? SaslReply.Done(_user!, Encoding.UTF8.GetBytes($"v={Convert.ToBase64String(hash.Hmac(credential.ServerKey, authMessage))}"))
            : Invalid();
    }

    private static bool FixedTimeEquals(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    private static string? Attribute(string part, char name) => part is [var first, '=', ..] && first == name ? part[2..] : null;

    /// <summary>A name's comma is written =2C and its equals sign =3D; null when it holds another equals sign.</summary>
    private static string? Unescape(string name)
    {
        for (int at = name.IndexOf('=', StringComparison.Ordinal); at >= 0; at = name.IndexOf('=', at + 1))
        {
            if (name.AsSpan(at + 1) is not (['2', 'C', ..] or ['3', 'D', ..]))
            {
                return null;
            }
        }

        return name.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
    }

    private static byte[]? TryDecode(string text)
    {
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int length) ? bytes[..length] : null;
    }

    private SaslReply Malformed() => SaslReply.Failed($"Authentication failed: the token is no message of {hash.MechanismName}.");

    private SaslReply Invalid() =>
        SaslReply.Failed($"Authentication failed during authentication due to invalid credentials with SASL mechanism {hash.MechanismName}");
}
