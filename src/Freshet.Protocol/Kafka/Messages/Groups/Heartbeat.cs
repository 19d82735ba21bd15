namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Says that a member lives (Kafka protocol, Heartbeat).</summary>
public sealed record HeartbeatRequest(string GroupId, int GenerationId, string MemberId, string? GroupInstanceId) : IKafkaReadable<HeartbeatRequest>
{
    /// <inheritdoc/>
    public static HeartbeatRequest Read(ref KafkaReader reader)
    {
        var request = new HeartbeatRequest(
            reader.ReadString(), reader.ReadInt32(), reader.ReadString(), reader.Version >= 3 ? reader.ReadNullableString() : null);
        reader.SkipTags();
        return request;
    }
}

/// <summary>Whether the member is still in.</summary>
public sealed record HeartbeatResponse(ErrorCode Error) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        if (writer.Version >= 1)
        {
            writer.WriteThrottle();
        }

        writer.WriteError(Error);
        writer.WriteNoTags();
    }
}
