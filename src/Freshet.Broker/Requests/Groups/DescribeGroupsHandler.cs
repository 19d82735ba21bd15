using Freshet.Broker.Groups;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Groups;

/// <summary>Tells the state and the members of groups.</summary>
internal sealed class DescribeGroupsHandler(GroupCoordinator groups) : RequestHandler<DescribeGroupsRequest>
{
    private const string Dead = "Dead";

    public override ApiKey Key => ApiKey.DescribeGroups;

    public override short MinVersion => 0;

    public override short MaxVersion => 6;

    protected override ValueTask<IKafkaWritable?> HandleAsync(DescribeGroupsRequest request, RequestContext context, CancellationToken cancellation) =>
        new(new DescribeGroupsResponse([.. request.Groups.Select(id => Describe(id, request.IncludesOperations, context))]));

    private DescribedGroup Describe(string id, bool operations, RequestContext context)
    {
        if (!context.AllowsGroup(AclOperation.Describe, id))
        {
            return new DescribedGroup(ErrorCode.GroupAuthorizationFailed, null, id, "", "", "", []);
        }

        DescribedGroup described = Describe(id, context.Version);
        return operations && described.Error == ErrorCode.None ? described with { Operations = context.GroupOperations(id) } : described;
    }

    private DescribedGroup Describe(string id, short version)
    {
        if (groups.CheckKept(id) is var error and not ErrorCode.None)
        {
            return new DescribedGroup(error, null, id, "", "", "", []);
        }

        if (groups.Find(id) is not { } group)
        {
            return NotFound(id, $"There is no group '{id}'.", version);
        }

        lock (group)
        {
            if (group.Consumer is not null)
            {
                return NotFound(id, $"The group '{id}' is of the consumer protocol: describe it with ConsumerGroupDescribe.", version);
            }

            string protocol = group.State == GroupState.Stable ? group.Protocol ?? "" : "";
            return new DescribedGroup(
                ErrorCode.None, null, id, group.State.ToString(), group.ProtocolType ?? "", protocol,
                [.. group.Members.All.Select(member => new DescribedMember(
                    member.Id, member.InstanceId, member.ClientId, member.ClientHost, member.MetadataFor(protocol), member.Assignment))]);
        }
    }

    private static DescribedGroup NotFound(string id, string message, short version) => version >= 6
        ? new DescribedGroup(ErrorCode.GroupIdNotFound, message, id, Dead, "", "", [])
        : new DescribedGroup(ErrorCode.None, null, id, Dead, "", "", []);
}
