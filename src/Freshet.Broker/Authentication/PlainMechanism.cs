using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace Freshet.Broker.Authentication;

/// <summary>PLAIN (RFC 4616): the client sends its name and its password.</summary>
internal sealed class PlainMechanism(IReadOnlyDictionary<string, string> users) : ISaslMechanism, ISaslExchange
{
    // Compared as hashes: they have one length, so the time of the comparison tells nothing.
    private readonly FrozenDictionary<string, byte[]> _hashes = users.ToFrozenDictionary(user => user.Key, user => Hash(Encoding.UTF8.GetBytes(user.Value)));
    private readonly byte[] _noOne = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);

    public string Name => SaslOptions.Plain;

    public ISaslExchange Start() => this;

    public ValueTask<SaslReply> AdvanceAsync(ReadOnlyMemory<byte> token, CancellationToken cancellation) => new(Check(token.Span));

    private SaslReply Check(ReadOnlySpan<byte> token)
    {
        int first = token.IndexOf((byte)0);
        int second = first < 0 ? -1 : token[(first + 1)..].IndexOf((byte)0);
        if (second < 0)
        {
            return SaslReply.Failed("Authentication failed: the token must hold three parts separated by NUL.");
        }

        string actsFor = Encoding.UTF8.GetString(token[..first]);
        string user = Encoding.UTF8.GetString(token.Slice(first + 1, second));
        byte[] hash = Hash(token[(first + 1 + second + 1)..]);
        bool isRight = CryptographicOperations.FixedTimeEquals(hash, _hashes.GetValueOrDefault(user) ?? _noOne);
        return isRight && (actsFor.Length == 0 || actsFor == user) ? SaslReply.Done(user) : SaslReply.Failed("Authentication failed: Invalid username or password");
    }

    private static byte[] Hash(ReadOnlySpan<byte> password) => SHA256.HashData(password);
}
