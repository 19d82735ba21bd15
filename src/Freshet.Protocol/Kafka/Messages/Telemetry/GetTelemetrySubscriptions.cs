namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks which of its own metrics a client is to send (Kafka protocol, GetTelemetrySubscriptions, version 0).</summary>
/// <param name="ClientInstanceId">Who asks; empty when it has no id yet.</param>
public sealed record GetTelemetrySubscriptionsRequest(Guid ClientInstanceId) : IKafkaReadable<GetTelemetrySubscriptionsRequest>
{
    /// <inheritdoc/>
    public static GetTelemetrySubscriptionsRequest Read(ref KafkaReader reader)
    {
        var request = new GetTelemetrySubscriptionsRequest(reader.ReadUuid());
        reader.SkipTags();
        return request;
    }
}

/// <summary>Which metrics a client is to send, how often and how.</summary>
public sealed record GetTelemetrySubscriptionsResponse(ErrorCode Error) : IKafkaWritable
{
    /// <summary>Who is to send them: a new id for a client that had none.</summary>
    public Guid ClientInstanceId { get; init; }

    /// <summary>Number of what is asked for; another one when that changes.</summary>
    public int SubscriptionId { get; init; }

    /// <summary>Codecs that are understood, best first, by their numbers in record batches.</summary>
    public IReadOnlyList<sbyte> AcceptedCompressionTypes { get; init; } = [];

    /// <summary>Time between two pushes, in milliseconds.</summary>
    public int PushIntervalMs { get; init; }

    /// <summary>Most bytes of one push.</summary>
    public int TelemetryMaxBytes { get; init; }

    /// <summary>Whether counters tell what came since the last push, rather than since the client's start.</summary>
    public bool DeltaTemporality { get; init; }

    /// <summary>Beginnings of the names of the metrics; empty for none, <c>*</c> for all.</summary>
    public IReadOnlyList<string> RequestedMetrics { get; init; } = [];

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteError(Error);
        writer.WriteUuid(ClientInstanceId);
        writer.WriteInt32(SubscriptionId);
        writer.WriteLength(AcceptedCompressionTypes.Count);
        foreach (sbyte type in AcceptedCompressionTypes)
        {
            writer.WriteInt8(type);
        }

        writer.WriteInt32(PushIntervalMs);
        writer.WriteInt32(TelemetryMaxBytes);
        writer.WriteBool(DeltaTemporality);
        writer.WriteStringArray(RequestedMetrics);
        writer.WriteNoTags();
    }
}
