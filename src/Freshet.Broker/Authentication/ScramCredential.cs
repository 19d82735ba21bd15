using System.Globalization;

namespace Freshet.Broker.Authentication;

/// <summary>What the server keeps of a SCRAM password (RFC 5802): enough to check a proof, not enough to make one.</summary>
internal sealed class ScramCredential(byte[] salt, byte[] storedKey, byte[] serverKey, int iterations)
{
    /// <summary>Fewest and most rounds accepted. Kafka's own bounds; more cost the client, and a server that asks for millions would stall it.</summary>
    public const int MinIterations = 4096;

    public const int MaxIterations = 16384;

    public byte[] Salt { get; } = salt;

    public byte[] StoredKey { get; } = storedKey;

    public byte[] ServerKey { get; } = serverKey;

    public int Iterations { get; } = iterations;

    public static ScramCredential Of(ScramHash hash, byte[] salt, ReadOnlySpan<byte> saltedPassword, int iterations) =>
        new(salt, hash.Hash(hash.Hmac(saltedPassword, "Client Key"u8)), hash.Hmac(saltedPassword, "Server Key"u8), iterations);

    /// <summary>Reads what <see cref="ToText"/> wrote; null when it is something else.</summary>
    public static ScramCredential? Parse(string text)
    {
        Dictionary<string, string> parts = text.Split(',').Select(part => part.Split('=', 2)).Where(part => part.Length == 2)
            .DistinctBy(part => part[0]).ToDictionary(part => part[0], part => part[1]);
        try
        {
            return new ScramCredential(
                Convert.FromBase64String(parts["salt"]), Convert.FromBase64String(parts["stored_key"]), Convert.FromBase64String(parts["server_key"]),
                int.Parse(parts["iterations"], NumberStyles.None, CultureInfo.InvariantCulture));
        }
        catch (Exception malformed) when (malformed is FormatException or OverflowException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The form in which Kafka kept credentials in ZooKeeper.</summary>
    public string ToText() => string.Create(
        CultureInfo.InvariantCulture,
        $"salt={Convert.ToBase64String(Salt)},stored_key={Convert.ToBase64String(StoredKey)},server_key={Convert.ToBase64String(ServerKey)},iterations={Iterations}");
}
