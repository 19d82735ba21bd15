using System.Text.RegularExpressions;
using Freshet.Broker.Transactions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Transactions;

/// <summary>Lists the transactional ids that this broker keeps.</summary>
internal sealed class ListTransactionsHandler(TransactionCoordinator transactions, TimeProvider time) : RequestHandler<ListTransactionsRequest>
{
    public override ApiKey Key => ApiKey.ListTransactions;

    public override short MinVersion => 0;

    public override short MaxVersion => 2;

    protected override ValueTask<IKafkaWritable?> HandleAsync(ListTransactionsRequest request, RequestContext context, CancellationToken cancellation)
    {
        string[] unknown = [.. request.States.Where(state => !Enum.TryParse<TransactionStatus>(state, out _))];
        if (!TryParse(request.IdPattern, out Regex? pattern))
        {
            return new(new ListTransactionsResponse(ErrorCode.InvalidRegularExpression, unknown, []));
        }

        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return new(new ListTransactionsResponse(ErrorCode.None, unknown,
        [
            .. from transaction in transactions.All
               where request.States.Count == 0 || request.States.Contains(transaction.Status.ToString())
               where request.ProducerIds.Count == 0 || request.ProducerIds.Contains(transaction.ProducerId)
               where request.LongerThanMs < 0 || (transaction.Status == TransactionStatus.Ongoing && now - transaction.Started > request.LongerThanMs)
               where pattern is null || pattern.IsMatch(transaction.Id)
               where context.AllowsTransactionalId(AclOperation.Describe, transaction.Id)
               select new ListedTransaction(transaction.Id, transaction.ProducerId, transaction.Status.ToString()),
        ]));
    }

    private static bool TryParse(string? text, out Regex? pattern)
    {
        pattern = null;
        try
        {
            // Without backtracking no pattern can keep the broker busy for long.
            pattern = string.IsNullOrEmpty(text) ? null : new Regex($@"\A(?:{text})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return true;
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
