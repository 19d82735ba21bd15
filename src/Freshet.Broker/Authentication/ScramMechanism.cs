using System.Security.Cryptography;
using System.Text;

namespace Freshet.Broker.Authentication;

/// <summary>SCRAM-SHA-256 or SCRAM-SHA-512 (RFC 5802, RFC 7677).</summary>
/// <param name="find">Finds a user's credential.</param>
internal sealed class ScramMechanism(ScramHash hash, Func<string, ScramCredential?> find) : ISaslMechanism
{
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    public string Name => hash.MechanismName;

    public ISaslExchange Start() => new ScramExchange(hash, user => find(user) ?? Decoy(user));

    /// <summary>
    /// What a user that is not there is answered with: a salt that stays the same, so that asking does not tell who exists, and keys
    /// that no password has.
    /// </summary>
    private ScramCredential Decoy(string user) => new(
        HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(user))[..16], RandomNumberGenerator.GetBytes(hash.Bytes), RandomNumberGenerator.GetBytes(hash.Bytes),
        ScramCredential.MinIterations);
}
