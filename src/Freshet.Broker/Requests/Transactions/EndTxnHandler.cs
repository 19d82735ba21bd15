using Freshet.Broker.Transactions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Transactions;

/// <summary>Commits or aborts a transaction.</summary>
internal sealed class EndTxnHandler(TransactionCoordinator transactions) : RequestHandler<EndTxnRequest>
{
    private const short FirstWithFenced = 2;

    public override ApiKey Key => ApiKey.EndTxn;

    public override short MinVersion => 0;

    public override short MaxVersion => 5;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(EndTxnRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (!context.AllowsTransactionalId(AclOperation.Write, request.TransactionalId))
        {
            return new EndTxnResponse(ErrorCode.TransactionalIdAuthorizationFailed, -1, -1);
        }

        (ErrorCode error, ProducerIdentity next) = await transactions.EndAsync(
            request.TransactionalId, new ProducerIdentity(request.ProducerId, request.ProducerEpoch), request.Committed,
            advances: context.Version >= EndTxnRequest.FirstWithNextEpoch, cancellation).ConfigureAwait(false);
        return error == ErrorCode.None
            ? new EndTxnResponse(ErrorCode.None, next.ProducerId, next.Epoch)
            : new EndTxnResponse(error.In(context.Version, FirstWithFenced), -1, -1);
    }
}
