using System.Buffers.Binary;
using System.Security.Cryptography;
using Freshet.Protocol.Jute.Messages;
using Freshet.Storage.Files;

namespace Freshet.Coordination.Sessions;

/// <summary>
/// Passwords of sessions: a keyed hash of the session id under a secret of the data directory, so that no password is
/// stored and none can be computed by others.
/// </summary>
internal sealed class SessionPasswords
{
    private const int Length = ConnectRequest.PasswordLength;
    private const int SecretLength = 32;
    private readonly byte[] _secret;

    private SessionPasswords(byte[] secret) => _secret = secret;

    /// <summary>Reads the secret, or makes one for a new data directory.</summary>
    /// <param name="force">Whether the secret must survive a power cut, as the sessions do that need it.</param>
    /// <exception cref="InvalidDataException">The file exists but is no secret.</exception>
    public static SessionPasswords Load(string directory, bool force)
    {
        string path = Path.Combine(directory, "session-secret");
        if (File.Exists(path))
        {
            byte[] known = File.ReadAllBytes(path);
            return known.Length == SecretLength
                ? new SessionPasswords(known)
                : throw new InvalidDataException($"{path} must hold {SecretLength} bytes but has {known.Length}. Delete it to make a new one; open sessions then expire.");
        }

        byte[] secret = RandomNumberGenerator.GetBytes(SecretLength);
        DurableFile.Create(path, secret, ownerOnly: true, force);
        return new SessionPasswords(secret);
    }

    public byte[] Of(long session)
    {
        Span<byte> id = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(id, session);
        return HMACSHA256.HashData(_secret, id)[..Length];
    }

    /// <summary>Compares in constant time, so that guessing byte by byte tells nothing.</summary>
    public bool IsRight(long session, ReadOnlySpan<byte> password) => CryptographicOperations.FixedTimeEquals(Of(session), password);
}
