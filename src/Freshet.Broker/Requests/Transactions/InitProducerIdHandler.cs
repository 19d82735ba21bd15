using Freshet.Broker.Cluster;
using Freshet.Broker.Transactions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Transactions;

/// <summary>Gives idempotent and transactional producers their ids and epochs.</summary>
internal sealed class InitProducerIdHandler(ProducerIds ids, TransactionCoordinator transactions) : RequestHandler<InitProducerIdRequest>
{
    private const short FirstWithFenced = 4;

    public override ApiKey Key => ApiKey.InitProducerId;

    public override short MinVersion => 0;

    public override short MaxVersion => 5;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(InitProducerIdRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (request.ProducerId >= 0 != request.ProducerEpoch >= 0 || request.TransactionalId?.Length == 0)
        {
            return Refused(ErrorCode.InvalidRequest);
        }

        if (request.TransactionalId is not { } transactionalId)
        {
            // An idempotent producer that goes on after an error gets a fresh id too: nothing ties it to the old one.
            return context.AllowsCluster(AclOperation.IdempotentWrite) || context.AllowsOnAny(AclOperation.Write, AclResourceType.Topic)
                ? new InitProducerIdResponse(ErrorCode.None, await ids.NextAsync(cancellation).ConfigureAwait(false), 0)
                : Refused(ErrorCode.ClusterAuthorizationFailed);
        }

        if (!context.AllowsTransactionalId(AclOperation.Write, transactionalId))
        {
            return Refused(ErrorCode.TransactionalIdAuthorizationFailed);
        }

        ProducerIdentity? claimed = request.ProducerId >= 0 ? new ProducerIdentity(request.ProducerId, request.ProducerEpoch) : null;
        (ErrorCode error, ProducerIdentity producer) = await transactions.InitAsync(
            transactionalId, request.TransactionTimeoutMs, claimed, cancellation).ConfigureAwait(false);
        return error == ErrorCode.None
            ? new InitProducerIdResponse(ErrorCode.None, producer.ProducerId, producer.Epoch)
            : Refused(error.In(context.Version, FirstWithFenced));
    }

    private static InitProducerIdResponse Refused(ErrorCode error) => new(error, -1, -1);
}
