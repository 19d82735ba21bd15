namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks for a producer id (Kafka protocol, InitProducerId).</summary>
/// <param name="TransactionalId">Null for a producer that is only idempotent.</param>
/// <param name="ProducerId">Id to go on with; -1 for a new one.</param>
public sealed record InitProducerIdRequest(string? TransactionalId, int TransactionTimeoutMs, long ProducerId, short ProducerEpoch)
    : IKafkaReadable<InitProducerIdRequest>
{
    /// <inheritdoc/>
    public static InitProducerIdRequest Read(ref KafkaReader reader)
    {
        string? transactionalId = reader.ReadNullableString();
        int timeout = reader.ReadInt32();
        bool resumes = reader.Version >= 3;
        var request = new InitProducerIdRequest(transactionalId, timeout, resumes ? reader.ReadInt64() : -1, resumes ? reader.ReadInt16() : (short)-1);
        reader.SkipTags();
        return request;
    }
}

/// <summary>A producer id and its epoch.</summary>
public sealed record InitProducerIdResponse(ErrorCode Error, long ProducerId, short ProducerEpoch) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteError(Error);
        writer.WriteInt64(ProducerId);
        writer.WriteInt16(ProducerEpoch);
        writer.WriteNoTags();
    }
}
