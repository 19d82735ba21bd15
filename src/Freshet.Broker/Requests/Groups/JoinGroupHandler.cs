using Freshet.Broker.Groups;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Groups;

/// <summary>Lets a member join its group; the answer comes when the rebalance is over.</summary>
internal sealed class JoinGroupHandler(GroupCoordinator groups) : RequestHandler<JoinGroupRequest>
{
    public override ApiKey Key => ApiKey.JoinGroup;

    public override short MinVersion => 0;

    public override short MaxVersion => 9;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(JoinGroupRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (groups.Check(request.GroupId, context, AclOperation.Read) is var error and not ErrorCode.None)
        {
            return JoinGroupResponse.Refused(error, request.MemberId);
        }

        return await groups.Classic.JoinAsync(request, context.Version, context.Header.ClientId ?? "", context.ClientHost, cancellation).ConfigureAwait(false);
    }
}
