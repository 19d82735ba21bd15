using Freshet.Broker.Transactions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Transactions;

/// <summary>Tells how transactional ids stand.</summary>
internal sealed class DescribeTransactionsHandler(TransactionCoordinator transactions) : RequestHandler<DescribeTransactionsRequest>
{
    public override ApiKey Key => ApiKey.DescribeTransactions;

    public override short MinVersion => 0;

    public override short MaxVersion => 0;

    protected override ValueTask<IKafkaWritable?> HandleAsync(DescribeTransactionsRequest request, RequestContext context, CancellationToken cancellation) =>
        new(new DescribeTransactionsResponse([.. request.TransactionalIds.Select(id => Describe(id, context))]));

    private DescribedTransaction Describe(string id, RequestContext context)
    {
        if (!context.AllowsTransactionalId(AclOperation.Describe, id))
        {
            return DescribedTransaction.Refused(id, ErrorCode.TransactionalIdAuthorizationFailed);
        }

        if (id.Length == 0)
        {
            return DescribedTransaction.Refused(id, ErrorCode.InvalidRequest);
        }

        if (transactions.Check(id) is var error and not ErrorCode.None)
        {
            return DescribedTransaction.Refused(id, error);
        }

        return transactions.Find(id)?.Current is { } current
            ? new DescribedTransaction(
                ErrorCode.None, id, current.Status.ToString(), current.TimeoutMs, current.Started, current.ProducerId, current.Epoch,
                [.. current.Partitions.Where(partition => context.AllowsTopic(AclOperation.Describe, partition.Topic))
                    .GroupBy(partition => partition.Topic).Select(topic => new TopicPartitions(topic.Key, [.. topic.Select(partition => partition.Partition).Order()]))])
            : DescribedTransaction.Refused(id, ErrorCode.TransactionalIdNotFound);
    }
}
