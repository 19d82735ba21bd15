namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Sends a client's own metrics (Kafka protocol, PushTelemetry, version 0).</summary>
/// <param name="SubscriptionId">What it was asked for, as far as it knows.</param>
/// <param name="IsTerminating">Whether the client ends and this is its last push.</param>
/// <param name="Compression">Number of the codec; may be one that is not known.</param>
/// <param name="Metrics">OpenTelemetry's MetricsData in that codec; part of the request's frame.</param>
public sealed record PushTelemetryRequest(Guid ClientInstanceId, int SubscriptionId, bool IsTerminating, sbyte Compression, ReadOnlyMemory<byte> Metrics)
    : IKafkaReadable<PushTelemetryRequest>
{
    /// <inheritdoc/>
    public static PushTelemetryRequest Read(ref KafkaReader reader)
    {
        var request = new PushTelemetryRequest(reader.ReadUuid(), reader.ReadInt32(), reader.ReadBool(), reader.ReadInt8(), reader.ReadRecords() ?? default(Memory<byte>));
        reader.SkipTags();
        return request;
    }
}

/// <summary>Whether a client's metrics were taken.</summary>
public sealed record PushTelemetryResponse(ErrorCode Error) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteError(Error);
        writer.WriteNoTags();
    }
}
