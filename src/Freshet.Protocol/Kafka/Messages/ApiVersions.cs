using System.Buffers;

namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks what the broker speaks (Kafka protocol, ApiVersions).</summary>
/// <param name="ClientSoftwareName">Name of the client library; null before version 3.</param>
/// <param name="ClientSoftwareVersion">Its version; null before version 3.</param>
public sealed record ApiVersionsRequest(string? ClientSoftwareName, string? ClientSoftwareVersion) : IKafkaReadable<ApiVersionsRequest>, IKafkaWritable
{
    /// <inheritdoc/>
    public static ApiVersionsRequest Read(ref KafkaReader reader)
    {
        bool named = reader.Version >= 3;
        var request = new ApiVersionsRequest(named ? reader.ReadString() : null, named ? reader.ReadString() : null);
        reader.SkipTags();
        return request;
    }

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        if (writer.Version >= 3)
        {
            writer.WriteString(ClientSoftwareName);
            writer.WriteString(ClientSoftwareVersion);
        }

        writer.WriteNoTags();
    }
}

/// <summary>What the broker speaks.</summary>
public sealed record ApiVersionsResponse(ErrorCode Error, IReadOnlyList<ApiVersionRange> Apis) : IKafkaWritable
{
    private const uint SupportedTag = 0;
    private const uint EpochTag = 1;
    private const uint FinalizedTag = 2;

    // Clients before version 4 fail on a feature that can be off (KAFKA-17011), and every feature here can.
    private const short FirstWithOptionalFeatures = 4;

    /// <summary>Features that are on in the whole cluster (KIP-584); told since version 3.</summary>
    public IReadOnlyList<FeatureLevel> Features { get; init; } = [];

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteError(Error);
        writer.WriteArray(Apis);
        if (writer.Version >= 1)
        {
            writer.WriteThrottle();
        }

        if (writer.Version < 3 || Features.Count == 0)
        {
            writer.WriteNoTags();
            return;
        }

        bool supported = writer.Version >= FirstWithOptionalFeatures;
        writer.WriteUnsignedVarint(supported ? 3u : 2u);
        if (supported)
        {
            WriteFeatures(ref writer, SupportedTag, isSupported: true);
        }

        writer.WriteUnsignedVarint(EpochTag);
        writer.WriteUnsignedVarint(sizeof(long));
        writer.WriteInt64(0);
        WriteFeatures(ref writer, FinalizedTag, isSupported: false);
    }

    private void WriteFeatures(ref KafkaWriter writer, uint tag, bool isSupported)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var field = new KafkaWriter(bytes, writer.Version, flexible: true);
        field.WriteLength(Features.Count);
        foreach (FeatureLevel feature in Features)
        {
            field.WriteString(feature.Name);
            // A supported feature tells its least level first, a finalized one its greatest.
            field.WriteInt16(isSupported ? (short)0 : feature.Level);
            field.WriteInt16(feature.Level);
            field.WriteNoTags();
        }

        field.Flush();
        writer.WriteUnsignedVarint(tag);
        writer.WriteUnsignedVarint((uint)bytes.WrittenCount);
        bytes.WrittenSpan.CopyTo(writer.Take(bytes.WrittenCount));
    }
}

/// <summary>A feature of the cluster and the level that is on.</summary>
public sealed record FeatureLevel(string Name, short Level);

/// <summary>Versions of one API.</summary>
public sealed record ApiVersionRange(ApiKey Key, short Min, short Max) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteInt16((short)Key);
        writer.WriteInt16(Min);
        writer.WriteInt16(Max);
        writer.WriteNoTags();
    }
}
