namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks how transactional ids stand (Kafka protocol, DescribeTransactions).</summary>
public sealed record DescribeTransactionsRequest(IReadOnlyList<string> TransactionalIds) : IKafkaReadable<DescribeTransactionsRequest>
{
    /// <inheritdoc/>
    public static DescribeTransactionsRequest Read(ref KafkaReader reader)
    {
        var request = new DescribeTransactionsRequest(reader.ReadStringArray());
        reader.SkipTags();
        return request;
    }
}

/// <summary>How each of them stands.</summary>
public sealed record DescribeTransactionsResponse(IReadOnlyList<DescribedTransaction> States) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteArray(States);
        writer.WriteNoTags();
    }
}

/// <summary>How a transactional id stands.</summary>
/// <param name="StartTimeMs">When its transaction began, milliseconds since 1970, or -1.</param>
public sealed record DescribedTransaction(
    ErrorCode Error, string TransactionalId, string State, int TimeoutMs, long StartTimeMs, long ProducerId, short ProducerEpoch, IReadOnlyList<TopicPartitions> Topics)
    : IKafkaWritable
{
    /// <summary>An id that cannot be described.</summary>
    public static DescribedTransaction Refused(string id, ErrorCode error) => new(error, id, "", 0, 0, 0, 0, []);

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteError(Error);
        writer.WriteString(TransactionalId);
        writer.WriteString(State);
        writer.WriteInt32(TimeoutMs);
        writer.WriteInt64(StartTimeMs);
        writer.WriteInt64(ProducerId);
        writer.WriteInt16(ProducerEpoch);
        writer.WriteArray(Topics);
        writer.WriteNoTags();
    }
}
