namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Adds partitions to transactions before their records come (Kafka protocol, AddPartitionsToTxn, versions 0 to 5).</summary>
/// <param name="Transactions">Exactly one before <see cref="FirstWithSeveral"/>.</param>
public sealed record AddPartitionsToTxnRequest(IReadOnlyList<AddPartitionsToTxnTransaction> Transactions) : IKafkaReadable<AddPartitionsToTxnRequest>
{
    /// <summary>First version that tells of several transactions; it is for brokers among themselves.</summary>
    public const short FirstWithSeveral = 4;

    /// <inheritdoc/>
    public static AddPartitionsToTxnRequest Read(ref KafkaReader reader)
    {
        AddPartitionsToTxnRequest request = new(reader.Version >= FirstWithSeveral ? reader.ReadArray<AddPartitionsToTxnTransaction>() : [AddPartitionsToTxnTransaction.ReadFields(ref reader)]);
        reader.SkipTags();
        return request;
    }
}

/// <summary>A transaction and the partitions that come to it.</summary>
/// <param name="VerifyOnly">Whether only to tell if it has the partitions already.</param>
public sealed record AddPartitionsToTxnTransaction(string TransactionalId, long ProducerId, short ProducerEpoch, bool VerifyOnly, IReadOnlyList<TopicPartitions> Topics)
    : IKafkaReadable<AddPartitionsToTxnTransaction>
{
    /// <inheritdoc/>
    public static AddPartitionsToTxnTransaction Read(ref KafkaReader reader)
    {
        AddPartitionsToTxnTransaction transaction = ReadFields(ref reader);
        reader.SkipTags();
        return transaction;
    }

    internal static AddPartitionsToTxnTransaction ReadFields(ref KafkaReader reader) => new(
        reader.ReadString(), reader.ReadInt64(), reader.ReadInt16(), reader.Version >= AddPartitionsToTxnRequest.FirstWithSeveral && reader.ReadBool(),
        reader.ReadArray<TopicPartitions>());
}

/// <summary>What became of each partition.</summary>
/// <param name="Error">A fault of the request as a whole; told since version 4.</param>
/// <param name="Transactions">One for each transaction of the request.</param>
public sealed record AddPartitionsToTxnResponse(ErrorCode Error, IReadOnlyList<AddPartitionsToTxnTransactionResult> Transactions) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        if (writer.Version >= AddPartitionsToTxnRequest.FirstWithSeveral)
        {
            writer.WriteError(Error);
            writer.WriteArray(Transactions);
        }
        else
        {
            writer.WriteArray(Transactions[0].Topics);
        }

        writer.WriteNoTags();
    }
}

/// <summary>What became of the partitions of one transaction.</summary>
public sealed record AddPartitionsToTxnTransactionResult(string TransactionalId, IReadOnlyList<TopicErrors> Topics) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(TransactionalId);
        writer.WriteArray(Topics);
        writer.WriteNoTags();
    }
}
