using Freshet.Broker.Groups;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Groups;

/// <summary>Takes members out of their group.</summary>
internal sealed class LeaveGroupHandler(GroupCoordinator groups) : RequestHandler<LeaveGroupRequest>
{
    public override ApiKey Key => ApiKey.LeaveGroup;

    public override short MinVersion => 0;

    public override short MaxVersion => 5;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(LeaveGroupRequest request, RequestContext context, CancellationToken cancellation) =>
        groups.Check(request.GroupId, context, AclOperation.Read) is var error and not ErrorCode.None
            ? new LeaveGroupResponse(error, [])
            : new LeaveGroupResponse(ErrorCode.None, await groups.Classic.LeaveAsync(request).ConfigureAwait(false));
}
