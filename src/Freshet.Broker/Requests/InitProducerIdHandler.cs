using Freshet.Broker.Cluster;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests;

/// <summary>Gives idempotent producers their ids. Transactional producers have no coordinator here yet.</summary>
internal sealed class InitProducerIdHandler(ProducerIds ids) : RequestHandler<InitProducerIdRequest>
{
    public override ApiKey Key => ApiKey.InitProducerId;

    public override short MinVersion => 0;

    public override short MaxVersion => 5;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(InitProducerIdRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (request.TransactionalId is { } transactional)
        {
            return Refused(transactional.Length == 0 ? ErrorCode.InvalidRequest : ErrorCode.CoordinatorNotAvailable);
        }

        // An idempotent producer that goes on after an error gets a fresh id too: nothing ties it to the old one.
        return request.ProducerId >= 0 != request.ProducerEpoch >= 0
            ? Refused(ErrorCode.InvalidRequest)
            : new InitProducerIdResponse(ErrorCode.None, await ids.NextAsync(cancellation).ConfigureAwait(false), 0);
    }

    private static InitProducerIdResponse Refused(ErrorCode error) => new(error, -1, -1);
}
