using Freshet.Broker.Groups;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Groups;

/// <summary>Notes that a member lives, and tells it of rebalances.</summary>
internal sealed class HeartbeatHandler(GroupCoordinator groups) : RequestHandler<HeartbeatRequest>
{
    public override ApiKey Key => ApiKey.Heartbeat;

    public override short MinVersion => 0;

    public override short MaxVersion => 4;

    protected override ValueTask<IKafkaWritable?> HandleAsync(HeartbeatRequest request, RequestContext context, CancellationToken cancellation) =>
        new(new HeartbeatResponse(groups.Check(request.GroupId, context, AclOperation.Read) is var error and not ErrorCode.None ? error : groups.Classic.Heartbeat(request)));
}
