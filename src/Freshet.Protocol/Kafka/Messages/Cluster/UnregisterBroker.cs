namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Makes the cluster forget a broker (Kafka protocol, UnregisterBroker, version 0).</summary>
public sealed record UnregisterBrokerRequest(int BrokerId) : IKafkaReadable<UnregisterBrokerRequest>
{
    /// <inheritdoc/>
    public static UnregisterBrokerRequest Read(ref KafkaReader reader)
    {
        var request = new UnregisterBrokerRequest(reader.ReadInt32());
        reader.SkipTags();
        return request;
    }
}

/// <summary>Whether it is forgotten.</summary>
public sealed record UnregisterBrokerResponse(ErrorCode Error, string? ErrorMessage) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        writer.WriteNoTags();
    }
}
