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
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteError(Error);
        writer.WriteArray(Apis);
        if (writer.Version >= 1)
        {
            writer.WriteNoThrottle();
        }

        writer.WriteNoTags();
    }
}

/// <summary>Versions of one API.</summary>
public readonly record struct ApiVersionRange(ApiKey Key, short Min, short Max) : IKafkaWritable
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
