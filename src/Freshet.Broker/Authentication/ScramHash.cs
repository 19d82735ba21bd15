using System.Security.Cryptography;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Authentication;

/// <summary>The hash of a SCRAM mechanism.</summary>
internal sealed record ScramHash(string MechanismName, ScramMechanismType Type, HashAlgorithmName Algorithm, int Bytes)
{
    public static ScramHash Sha256 { get; } = new(SaslOptions.ScramSha256, ScramMechanismType.Sha256, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);

    public static ScramHash Sha512 { get; } = new(SaslOptions.ScramSha512, ScramMechanismType.Sha512, HashAlgorithmName.SHA512, SHA512.HashSizeInBytes);

    public static ScramHash? Of(ScramMechanismType type) => type switch
    {
        ScramMechanismType.Sha256 => Sha256,
        ScramMechanismType.Sha512 => Sha512,
        _ => null,
    };

    public byte[] Hash(ReadOnlySpan<byte> bytes) => CryptographicOperations.HashData(Algorithm, bytes);

    public byte[] Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> bytes) => CryptographicOperations.HmacData(Algorithm, key, bytes);
}
