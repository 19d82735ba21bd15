namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks for the transactional ids that a broker keeps (Kafka protocol, ListTransactions, versions 0 to 2).</summary>
/// <param name="States">States wanted; none means all.</param>
/// <param name="ProducerIds">Producers wanted; none means all.</param>
/// <param name="LongerThanMs">Only transactions that have been open for longer; negative means all.</param>
/// <param name="IdPattern">Regular expression that the whole id matches; null or empty means all.</param>
public sealed record ListTransactionsRequest(IReadOnlyList<string> States, IReadOnlyList<long> ProducerIds, long LongerThanMs, string? IdPattern)
    : IKafkaReadable<ListTransactionsRequest>
{
    private const short FirstWithDuration = 1;
    private const short FirstWithPattern = 2;

    /// <inheritdoc/>
    public static ListTransactionsRequest Read(ref KafkaReader reader)
    {
        string[] states = reader.ReadStringArray();
        long[] producers = reader.ReadInt64Array();
        var request = new ListTransactionsRequest(
            states, producers,
            reader.Version >= FirstWithDuration ? reader.ReadInt64() : -1,
            reader.Version >= FirstWithPattern ? reader.ReadNullableString() : null);
        reader.SkipTags();
        return request;
    }
}

/// <summary>The transactional ids.</summary>
/// <param name="UnknownStates">States wanted that there are none of.</param>
public sealed record ListTransactionsResponse(ErrorCode Error, IReadOnlyList<string> UnknownStates, IReadOnlyList<ListedTransaction> Transactions) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteError(Error);
        writer.WriteLength(UnknownStates.Count);
        foreach (string state in UnknownStates)
        {
            writer.WriteString(state);
        }

        writer.WriteArray(Transactions);
        writer.WriteNoTags();
    }
}

/// <summary>One transactional id.</summary>
public sealed record ListedTransaction(string TransactionalId, long ProducerId, string State) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(TransactionalId);
        writer.WriteInt64(ProducerId);
        writer.WriteString(State);
        writer.WriteNoTags();
    }
}
