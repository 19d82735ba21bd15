namespace Freshet.Protocol.Kafka.Records;

/// <summary>Codec of a batch's records (Kafka protocol, record batch attributes, bits 0 to 2).</summary>
public enum Compression
{
    /// <summary>Records as they are.</summary>
    None = 0,

    /// <summary>RFC 1952.</summary>
    Gzip = 1,

    /// <summary>Snappy, in Xerial's framing or as one raw block.</summary>
    Snappy = 2,

    /// <summary>LZ4 frames.</summary>
    Lz4 = 3,

    /// <summary>Zstandard.</summary>
    Zstd = 4,
}
