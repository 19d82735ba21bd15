namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Adds a group's offsets to a transaction before they come (Kafka protocol, AddOffsetsToTxn, versions 0 to 4).</summary>
public sealed record AddOffsetsToTxnRequest(string TransactionalId, long ProducerId, short ProducerEpoch, string GroupId) : IKafkaReadable<AddOffsetsToTxnRequest>
{
    /// <inheritdoc/>
    public static AddOffsetsToTxnRequest Read(ref KafkaReader reader)
    {
        var request = new AddOffsetsToTxnRequest(reader.ReadString(), reader.ReadInt64(), reader.ReadInt16(), reader.ReadString());
        reader.SkipTags();
        return request;
    }
}

/// <summary>Whether the group was added.</summary>
public sealed record AddOffsetsToTxnResponse(ErrorCode Error) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteError(Error);
        writer.WriteNoTags();
    }
}
