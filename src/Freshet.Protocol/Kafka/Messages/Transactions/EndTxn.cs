namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Commits or aborts a transaction (Kafka protocol, EndTxn, versions 0 to 5).</summary>
public sealed record EndTxnRequest(string TransactionalId, long ProducerId, short ProducerEpoch, bool Committed) : IKafkaReadable<EndTxnRequest>
{
    /// <summary>First version that gives the producer the next epoch.</summary>
    public const short FirstWithNextEpoch = 5;

    /// <inheritdoc/>
    public static EndTxnRequest Read(ref KafkaReader reader)
    {
        var request = new EndTxnRequest(reader.ReadString(), reader.ReadInt64(), reader.ReadInt16(), reader.ReadBool());
        reader.SkipTags();
        return request;
    }
}

/// <summary>Whether it is decided, and since version 5 how the producer goes on.</summary>
/// <param name="ProducerId">Producer id of the next transaction, or -1.</param>
/// <param name="ProducerEpoch">Epoch of the next transaction, or -1.</param>
public sealed record EndTxnResponse(ErrorCode Error, long ProducerId, short ProducerEpoch) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteError(Error);
        if (writer.Version >= EndTxnRequest.FirstWithNextEpoch)
        {
            writer.WriteInt64(ProducerId);
            writer.WriteInt16(ProducerEpoch);
        }

        writer.WriteNoTags();
    }
}
