using Freshet.Broker.Groups;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Groups;

/// <summary>Gives a member its assignment; the answer comes when the leader has brought it.</summary>
internal sealed class SyncGroupHandler(GroupCoordinator groups) : RequestHandler<SyncGroupRequest>
{
    // From here on a member says which protocol it follows.
    private const short FirstWithProtocol = 5;

    public override ApiKey Key => ApiKey.SyncGroup;

    public override short MinVersion => 0;

    public override short MaxVersion => 5;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(SyncGroupRequest request, RequestContext context, CancellationToken cancellation) =>
        groups.Check(request.GroupId, context, AclOperation.Read) is var error and not ErrorCode.None
            ? SyncGroupResponse.Refused(error)
            : context.Version >= FirstWithProtocol && (request.ProtocolType is null || request.ProtocolName is null)
            ? SyncGroupResponse.Refused(ErrorCode.InconsistentGroupProtocol)
            : await groups.Classic.SyncAsync(request, cancellation).ConfigureAwait(false);
}
