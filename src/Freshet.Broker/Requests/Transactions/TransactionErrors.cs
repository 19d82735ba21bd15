using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Requests.Transactions;

/// <summary>Says errors of transactions in the words that the request's version knows.</summary>
internal static class TransactionErrors
{
    /// <summary>"A newer producer took over" has an error of its own only since <paramref name="firstWithFenced"/>.</summary>
    public static ErrorCode In(this ErrorCode error, short version, short firstWithFenced) =>
        error == ErrorCode.ProducerFenced && version < firstWithFenced ? ErrorCode.InvalidProducerEpoch : error;
}
