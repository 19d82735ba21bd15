using Freshet.Broker.Cluster.Topics;
using Freshet.Broker.Groups;
using Freshet.Broker.Transactions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Transactions;

/// <summary>Adds the partition that keeps a group's offsets to a transaction.</summary>
internal sealed class AddOffsetsToTxnHandler(TransactionCoordinator transactions, GroupCoordinator groups, TopicAdmin topics) : RequestHandler<AddOffsetsToTxnRequest>
{
    private const short FirstWithFenced = 2;

    public override ApiKey Key => ApiKey.AddOffsetsToTxn;

    public override short MinVersion => 0;

    public override short MaxVersion => 4;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(AddOffsetsToTxnRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (!context.AllowsTransactionalId(AclOperation.Write, request.TransactionalId))
        {
            return new AddOffsetsToTxnResponse(ErrorCode.TransactionalIdAuthorizationFailed);
        }

        if (!context.AllowsGroup(AclOperation.Read, request.GroupId))
        {
            return new AddOffsetsToTxnResponse(ErrorCode.GroupAuthorizationFailed);
        }

        if (groups.PlaceOf(request.GroupId) is null)
        {
            // A producer may come before anybody has looked for the group.
            await topics.EnsureAsync(Topic.ConsumerOffsets, cancellation).ConfigureAwait(false);
        }

        if (groups.PlaceOf(request.GroupId) is not { } place)
        {
            return new AddOffsetsToTxnResponse(ErrorCode.CoordinatorNotAvailable);
        }

        ErrorCode error = await transactions.AddAsync(
            request.TransactionalId, new ProducerIdentity(request.ProducerId, request.ProducerEpoch),
            [new TransactionPartition(Topic.ConsumerOffsets, place)], cancellation).ConfigureAwait(false);
        return new AddOffsetsToTxnResponse(error.In(context.Version, FirstWithFenced));
    }
}
