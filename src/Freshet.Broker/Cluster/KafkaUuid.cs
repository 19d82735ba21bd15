using System.Buffers.Text;

namespace Freshet.Broker.Cluster;

/// <summary>Uuids in Kafka's text form: 22 letters of URL-safe base64.</summary>
internal static class KafkaUuid
{
    public static string ToText(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <exception cref="FormatException">The text is not a uuid.</exception>
    public static Guid Parse(string text) => Base64Url.DecodeFromChars(text) is { Length: 16 } bytes
        ? new Guid(bytes, bigEndian: true)
        : throw new FormatException($"'{text}' is not a uuid in base64.");
}
