namespace Freshet.Protocol.Kafka;

/// <summary>Header of a request, versions 1 and 2 (Kafka protocol, request header).</summary>
/// <param name="Key">What is asked; may be a number that <see cref="ApiKey"/> does not name.</param>
/// <param name="Version">Version of the request, and so of its answer.</param>
/// <param name="CorrelationId">Returned in the answer.</param>
/// <param name="ClientId">Name the client gives itself.</param>
public readonly record struct RequestHeader(ApiKey Key, short Version, int CorrelationId, string? ClientId)
{
    /// <summary>Reads the header at the front of <paramref name="frame"/> and hands on a reader for the body.</summary>
    /// <exception cref="KafkaFormatException">The bytes do not hold a header.</exception>
    public static RequestHeader Read(Memory<byte> frame, out KafkaReader body)
    {
        var start = new KafkaReader(frame, version: 0, flexible: false);
        var key = (ApiKey)start.ReadInt16();
        short version = start.ReadInt16();
        body = new KafkaReader(frame[(2 * sizeof(short))..], version, FlexibleVersions.Contains(key, version));
        int correlationId = body.ReadInt32();
        string? clientId = body.ReadClassicNullableString();
        body.SkipTags();
        return new RequestHeader(key, version, correlationId, clientId);
    }

    /// <summary>Writes the header; a writer of the same version writes the body after it.</summary>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteInt16((short)Key);
        writer.WriteInt16(Version);
        writer.WriteInt32(CorrelationId);
        writer.WriteClassicString(ClientId);
        writer.WriteNoTags();
    }
}
